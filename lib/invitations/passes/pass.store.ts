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

/**
 * Keeps the passes of one browser: signed tokens, each under a name. Does not verify them. An injection token, too.
 */
export abstract class PassStore {
  /** @throws TicketOfficeConfigurationError where the app's wiring gives this request no store */
  abstract assertAvailable(request: GuestRequest): void;

  /** The name to keep a pass under, from the digest of its scope. */
  abstract nameOf(request: GuestRequest, digest: string): string;

  /** The token under a name; `undefined`: none. */
  abstract find(request: GuestRequest, name: string): string | undefined;

  /** All tokens, by name; the newest last, as far as the store knows. */
  abstract all(request: GuestRequest): [name: string, token: string][];

  abstract put(request: GuestRequest, response: unknown, pass: StoredPass): void | Promise<void>;

  abstract remove(request: GuestRequest, response: unknown, name: string): void;
}
