import type { GuestRequest } from '../guest-request.js';

/** A pass to keep. */
export interface StoredPass {
  readonly name: string;
  readonly token: string;
  /** In ms. */
  readonly lifetime: number;
  /** The names of the passes that it replaces. */
  readonly evicts: readonly string[];
}

/** The names under which passes are kept: the tag of an office and the digest of a ticket; `\w` and hyphens only. */
export const PASS_NAME = /^[\w-]{25}$/;

/**
 * Keeps the passes of one browser: signed tokens, each under a name. Does not verify them. An injection token, too.
 */
export abstract class PassStore {
  /** @throws TicketOfficeConfigurationError where the app's wiring gives this request no store */
  abstract assertAvailable(request: GuestRequest): void;

  /** All tokens, by name, those of other offices included; the newest last, as far as the store knows. */
  abstract all(request: GuestRequest): [name: string, token: string][];

  abstract put(request: GuestRequest, response: unknown, pass: StoredPass): void | Promise<void>;

  abstract remove(request: GuestRequest, response: unknown, name: string): void;
}
