import type { GuestErrorCode } from '../../../tickets/ticket.errors.js';

/**
 * Which sentences a guest reads: by the error's code, but for two that are told apart. `unfinished` is a claim that nobody
 * will end; `crossSite`, a form of another site.
 */
export type SentencesName = GuestErrorCode | 'unfinished' | 'crossSite';

/** Stands for date and time in a sentence. */
export const WHEN = '{when}';

/** Plain text, no HTML. Guests hold a link or a code: no sentence names a ticket, or anything that fits one use only. */
export interface Sentences {
  readonly title: string;
  readonly message: string;
  /**
   * What the guest can do about it. {@link WHEN} stands for an instant, such as `1 May 2026 at 06:07 UTC`: in those for
   * `TICKET_USED`, `TICKET_EXPIRED`, `TICKET_REVOKED` and `unfinished`, once each, and in no others.
   */
  readonly hint?: string;
}

/** The built-in pages in one language. Another one is a file like these, and a line in `languages.ts`. */
export interface Language {
  /** BCP 47, for the `lang` of the page. */
  readonly tag: string;
  /**
   * The locale that dates are written in.
   * @default the tag
   */
  readonly dates?: string;
  readonly refusals: Readonly<Record<SentencesName, Sentences>>;
  /** The page with the button. */
  readonly confirm: { readonly title: string; readonly message: string; readonly button: string };
}
