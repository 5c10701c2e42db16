/** In ms, as are all here. */
export const MINUTE = 60_000;
/** How long a claim holds where that is limited. Waits end one millisecond before it, at it, and after it. */
export const ABANDONED_AFTER = 10 * MINUTE;
/** How long a ticket is valid that several contend for. */
export const EXPIRES_IN = 60 * MINUTE;
