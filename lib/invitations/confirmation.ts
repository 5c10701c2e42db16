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
 * Follows from what is random in the pass, which only the guest's browser has and no script can read: so no link can
 * contain it that was not taken from that guest's own page.
 */
const confirmationOf = ({ nonce }: Pass): string =>
  createHash('sha256').update(`nestjs-ticketoffice/confirm/${nonce}`).digest('base64url');

/** Whether the request comes from the button of the page that this pass was shown. */
export function isConfirmed(request: GuestRequest, pass: Pass): boolean {
  const shown = queryParametersOf(request).filter(([name]) => isConfirmation(name));
  return shown.length === 1 && sameText(shown[0]![1], confirmationOf(pass));
}

/** What the page's form sends: the request's own parameters, in their order, and the confirmation. */
export function confirmationFields(request: GuestRequest, pass: Pass): FormField[] {
  const own = queryParametersOf(request).filter(([name]) => !isConfirmation(name));
  return [...own, [CONFIRMATION, confirmationOf(pass)] as const].map(([name, value]) => ({ name, value }));
}

/** Takes the confirmation out of what the handler reads: an app that is strict about its parameters knows none. */
export function hideConfirmation(request: GuestRequest): void {
  if (!targetOf(request).includes('?')) return;
  const node = nodeRequestOf(request);
  // Fastify's `originalUrl` is Node's; Express keeps one of its own, and reads `query` anew from `url`.
  node.originalUrl ??= node.url;
  node.url = withoutParameters(node.url ?? '', isConfirmation);
  delete request.query?.[CONFIRMATION];
}
