import { createHash } from 'node:crypto';
import { sameText } from '../tickets/secrets/keyring.js';
import type { FormField } from './answers/page-context.js';
import type { GuestRequest } from './guest-request.js';
import { CONFIRMATION, isOwnParameter, TICKET_NAME } from './own-parameters.js';
import type { Pass } from './passes/pass.js';
import { queryParametersOf } from './request-target.js';

/**
 * Derived from the nonce of the pass, which only the guest's browser has and no script can read: no link can contain it,
 * unless it was copied from that guest's own page.
 */
const confirmationOf = ({ nonce }: Pass): string =>
  createHash('sha256').update(`nestjs-ticketoffice/confirm/${nonce}`).digest('base64url');

/** Whether the request comes from the button on the page that was made for this pass. */
export function isConfirmed(request: GuestRequest, pass: Pass): boolean {
  const sent = queryParametersOf(request).filter(([name]) => name === CONFIRMATION);
  return sent.length === 1 && sameText(sent[0]![1], confirmationOf(pass));
}

/**
 * What the page's form sends: the request's other parameters, in their order, the name of the ticket, so that it never
 * uses up the ticket of a link that was opened later, and the confirmation.
 */
export function confirmationFields(request: GuestRequest, pass: Pass): FormField[] {
  const others = queryParametersOf(request).filter(([name]) => !isOwnParameter(name));
  const own = [
    [TICKET_NAME, pass.uuid],
    [CONFIRMATION, confirmationOf(pass)],
  ] as const;
  return [...others, ...own].map(([name, value]) => ({ name, value }));
}
