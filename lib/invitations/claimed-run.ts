import { AsyncLocalStorage } from 'node:async_hooks';
import type { Ticket } from '../tickets/ticket.entity.js';
import { type GuestRequest, invitationOf } from './guest-request.js';

/** A run of a handler for which its request's ticket is claimed. */
interface ClaimedRun {
  readonly request: GuestRequest;
  readonly ticket: Ticket | undefined;
}

// The one thing that does not hang on the request: who tries again outside of a run has the same request, and not its
// claim.
const runs = new AsyncLocalStorage<ClaimedRun>();

/** Runs what the claim of the request's ticket was taken for. */
export const runClaimed = <T>(request: GuestRequest, run: () => T): T =>
  runs.run({ request, ticket: invitationOf(request) }, run);

/**
 * Whether this is part of a run that holds the claim of the request's ticket. Not so for another request that the
 * handler makes, even in its own process; nor for the same one, handed on to where another ticket is required.
 */
export function isInClaimedRun(request: GuestRequest): boolean {
  const run = runs.getStore();
  return run?.request === request && run.ticket === invitationOf(request);
}
