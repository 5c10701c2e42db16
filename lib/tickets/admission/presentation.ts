import type { CredentialsLike } from '../credentials.js';
import type { VerifierScope } from '../secrets/verifier.js';
import type { TicketRow } from '../table/ticket.row.js';

/** Credentials, and where they are shown. */
export interface Presentation extends CredentialsLike {
  readonly place: string;
  readonly purpose: string;
}

/** What the secret must be bound to, so that it is right there. */
export const scopeOf = (
  { uuid, place, purpose }: Presentation,
  row: TicketRow | undefined,
): VerifierScope => ({
  uuid,
  place,
  purpose,
  generation: row?.generation ?? 0,
});
