const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

/** A point in time for the templates: for programs, and for people in UTC. */
export function instant(at: Date | null | undefined) {
  return at && { iso: at.toISOString(), text: clock.format(at) };
}
