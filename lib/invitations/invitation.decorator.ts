import type { ExecutionContext } from '@nestjs/common';
import { calledBy } from '../called-method.js';
import type { Ticket } from '../tickets/ticket.entity.js';
import { invitationOf, nothingAdmitted } from './invitation.context.js';
import { Sealed, sealedParameter } from './sealed-parameter.js';

/** Reads the ticket of a call. */
export function invitationFactory(_: unknown, context: ExecutionContext): Sealed<Ticket> {
  const ticket = invitationOf(context);
  if (ticket) return new Sealed(ticket);
  throw nothingAdmitted(`@Invitation() in ${calledBy(context)}`, context);
}

/**
 * Injects the admitted ticket into a handler: `visit(@Invitation() ticket: Ticket<{ firstName: string }>)`. Pipes of
 * the app see nothing of it, and leave it as it is.
 *
 * @throws TicketOfficeConfigurationError where no `@InvitationRequired` has admitted one, and where a pipe has put
 * something else in its place
 */
export const Invitation: () => ParameterDecorator = sealedParameter('@Invitation()', invitationFactory);
