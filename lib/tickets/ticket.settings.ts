/** What the app has decided about tickets, with every default filled in. An injection token, too. */
export abstract class TicketSettings {
  /** Where links start; `undefined`: the app makes none. */
  abstract readonly baseUrl: string | undefined;
  /** For tickets issued without an expiry, in ms; `null`: for ever. */
  abstract readonly expiresIn: number | null;
  /** Makes passwords instead of the 256-bit secrets. */
  abstract readonly passwordGenerator: (() => string) | undefined;
  /** Wrong guesses at a human's password, or at a code, that lock its ticket. */
  abstract readonly maxAttempts: number;
  /** After how long a claim may be taken over, in ms; `null`: never. */
  abstract readonly abandonedAfter: number | null;
  /** The one clock. */
  abstract readonly now: () => Date;
}

/** Until when a claim must have been made to count as abandoned now, in ms since 1970. */
export const abandonedUntil = (
  { abandonedAfter }: Pick<TicketSettings, 'abandonedAfter'>,
  now: Date,
): number => (abandonedAfter === null ? BEFORE_ALL_CLAIMS : now.getTime() - abandonedAfter);

const BEFORE_ALL_CLAIMS = Number.MIN_SAFE_INTEGER;
