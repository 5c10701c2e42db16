import type { GuestRequest } from '../guest-request.js';

/** A pass to be kept, and how. */
export interface StoredPass {
  readonly name: string;
  readonly token: string;
  /** In ms. */
  readonly lifetime: number;
  /** The names of those that have to go for it. */
  readonly evicts: readonly string[];
}

/**
 * Where the passes of one browser are kept: sealed texts, each under a name. What they are worth is not known here.
 * An injection token, too.
 */
export abstract class PassStore {
  /** @throws TicketOfficeConfigurationError where this request has no shelf, by a fault in the app's wiring */
  abstract assertAvailable(request: GuestRequest): void;

  /** The name under which the pass for a door is kept, given the door's own short name. */
  abstract nameOf(request: GuestRequest, door: string): string;

  /** What is kept under a name; `undefined`: nothing. */
  abstract find(request: GuestRequest, name: string): string | undefined;

  /** All that is kept, by name, those that came last at the end as far as one can tell. */
  abstract all(request: GuestRequest): [name: string, seal: string][];

  abstract put(request: GuestRequest, response: unknown, placement: StoredPass): void | Promise<void>;

  abstract remove(request: GuestRequest, response: unknown, name: string): void;
}
