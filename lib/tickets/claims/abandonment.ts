import type { TicketSettings } from '../ticket.settings.js';

/** Until when a claim must have been made to count as abandoned now, in ms since 1970. */
export const abandonedUntil = (
  { abandonedAfter }: Pick<TicketSettings, 'abandonedAfter'>,
  now: Date,
): number => (abandonedAfter === null ? BEFORE_ALL_CLAIMS : now.getTime() - abandonedAfter);

const BEFORE_ALL_CLAIMS = Number.MIN_SAFE_INTEGER;
