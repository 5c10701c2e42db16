import { createHash } from 'node:crypto';
import { sameText } from '../tickets/secrets/keyring.js';
import type { FormField } from './answers/page-context.js';
import { type GuestRequest, nodeRequestOf, targetOf } from './guest-request.js';
import type { Pass } from './passes/pass.js';
import { queryParametersOf, withoutParameters } from './request-target.js';

/** The parameter that the confirm page's button sends. */
const CONFIRMATION = 'ticket-confirmation';

const isConfirmation = (name: string): boolean => name === CONFIRMATION;

/**
 * Derived from the nonce of the pass, which only the guest's browser has and no script can read: no link can contain it,
 * unless it was copied from that guest's own page.
 */
const confirmationOf = ({ nonce }: Pass): string =>
  createHash('sha256').update(`nestjs-ticketoffice/confirm/${nonce}`).digest('base64url');

/** Whether the request comes from the button on the page that was made for this pass. */
export function isConfirmed(request: GuestRequest, pass: Pass): boolean {
  const sent = queryParametersOf(request).filter(([name]) => isConfirmation(name));
  return sent.length === 1 && sameText(sent[0]![1], confirmationOf(pass));
}

/** What the page's form sends: the request's own parameters, in their order, and the confirmation. */
export function confirmationFields(request: GuestRequest, pass: Pass): FormField[] {
  const own = queryParametersOf(request).filter(([name]) => !isConfirmation(name));
  return [...own, [CONFIRMATION, confirmationOf(pass)] as const].map(([name, value]) => ({ name, value }));
}

/** Removes the confirmation from what the handler reads: an app with strict validation would reject it. */
export function hideConfirmation(request: GuestRequest): void {
  if (!targetOf(request).includes('?')) return;
  const node = nodeRequestOf(request);
  // Fastify reads `originalUrl` from Node's request; Express has its own, and parses `query` from `url` again.
  node.originalUrl ??= node.url;
  node.url = withoutParameters(node.url ?? '', isConfirmation);
  delete request.query?.[CONFIRMATION];
}
