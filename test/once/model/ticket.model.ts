import type {
  CredentialsError,
  TicketBusyError,
  TicketExpiredError,
  TicketRevokedError,
  TicketUsedError,
} from 'nestjs-ticketoffice';

/** A ticket's row, as the contract has it; instants in ms. Never changed: what happens to it makes another. */
export interface ModelTicket {
  readonly generation: number;
  readonly claim: { readonly id: number; readonly since: number } | null;
  readonly expiresAt: number | null;
  readonly usedAt: number | null;
  readonly revokedAt: number | null;
  /** How often the work was done that it is good for. */
  readonly deeds: number;
}

/** When something happens; and how long a claim holds by then, `null`: for ever. */
export interface Moment {
  readonly now: number;
  readonly abandonedAfter: number | null;
}

/** Why nothing happened: the name of an error. */
export type Refusal = (
  CredentialsError | TicketBusyError | TicketExpiredError | TicketRevokedError | TicketUsedError
)['code'];

export const issued = (expiresAt: number | null): ModelTicket => ({
  generation: 1,
  claim: null,
  expiresAt,
  usedAt: null,
  revokedAt: null,
  deeds: 0,
});

/** To somebody who knows the secret of a generation. */
export function refusalOf(ticket: ModelTicket, generation: number, { now }: Moment): Refusal | undefined {
  if (ticket.generation !== generation) return 'TICKET_INVALID';
  if (ticket.usedAt !== null) return 'TICKET_USED';
  if (ticket.revokedAt !== null) return 'TICKET_REVOKED';
  return ticket.expiresAt !== null && ticket.expiresAt <= now ? 'TICKET_EXPIRED' : undefined;
}

export function claimed(
  ticket: ModelTicket,
  generation: number,
  id: number,
  moment: Moment,
): ModelTicket | Refusal {
  const refusal =
    refusalOf(ticket, generation, moment) ?? (isHeld(ticket, moment) ? 'TICKET_BUSY' : undefined);
  return refusal ?? { ...ticket, claim: { id, since: moment.now } };
}

export function stamped(ticket: ModelTicket, claimId: number, { now }: Moment): ModelTicket | Refusal {
  return isOwn(ticket, claimId) ? { ...ticket, usedAt: now } : 'TICKET_BUSY';
}

export function redeemed(
  ticket: ModelTicket,
  generation: number,
  id: number,
  moment: Moment,
): ModelTicket | Refusal {
  const taken = claimed(ticket, generation, id, moment);
  return typeof taken === 'string' ? taken : { ...taken, usedAt: moment.now, deeds: taken.deeds + 1 };
}

/** The same ticket when it changes nothing; so with all that cannot be refused. */
export const released = (ticket: ModelTicket, claimId: number): ModelTicket =>
  isOwn(ticket, claimId) ? { ...ticket, claim: null } : ticket;

export const reopened = (ticket: ModelTicket): ModelTicket =>
  ticket.claim !== null && ticket.usedAt === null ? { ...ticket, claim: null } : ticket;

export const revoked = (ticket: ModelTicket, { now }: Moment): ModelTicket =>
  ticket.usedAt === null && ticket.revokedAt === null ? { ...ticket, revokedAt: now } : ticket;

/** @param expiresAt `undefined`: as it was */
export function reissued(
  ticket: ModelTicket,
  expiresAt: number | null | undefined,
  moment: Moment,
): ModelTicket | Refusal {
  const renewed = { ...ticket, expiresAt: expiresAt === undefined ? ticket.expiresAt : expiresAt };
  const refusal = refusalOf(renewed, ticket.generation, moment);
  if (refusal) return refusal;
  return isHeld(ticket, moment)
    ? 'TICKET_BUSY'
    : { ...renewed, generation: ticket.generation + 1, claim: null };
}

const isHeld = ({ claim }: ModelTicket, { now, abandonedAfter }: Moment): boolean =>
  claim !== null && (abandonedAfter === null || claim.since + abandonedAfter > now);

const isOwn = ({ claim, usedAt }: ModelTicket, claimId: number): boolean =>
  claim?.id === claimId && usedAt === null;
