/**
 * The instant of a text in ISO 8601: a day, or a day and a time with its zone, without which it would be another instant
 * on another machine. `undefined` for anything else.
 */
export function readInstant(text: string): Date | undefined {
  const instant = new Date(text);
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  return isIso && isDay(text.slice(0, 10)) && !Number.isNaN(instant.getTime()) ? instant : undefined;
}

/** JavaScript takes the 30th of February for a day of March. */
function isDay(text: string): boolean {
  const day = new Date(text);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
