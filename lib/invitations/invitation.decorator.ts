import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { calledBy } from '../nest.internals.js';
import type { Ticket } from '../tickets/ticket.entity.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { invitationOf } from './invitation.context.js';

/** Reads the ticket of a call. */
export function invitationFactory(_: unknown, context: ExecutionContext): Ticket {
  const ticket = invitationOf(context);
  if (ticket) return ticket;
  throw new TicketOfficeConfigurationError(
    `@Invitation() in ${calledBy(context)}: write @InvitationRequired(place, purpose) above the handler`,
  );
}

/**
 * Injects the admitted ticket into a handler: `visit(@Invitation() ticket: Ticket<{ firstName: string }>)`.
 *
 * @throws TicketOfficeConfigurationError where no `@InvitationRequired` has admitted one
 */
export const Invitation: () => ParameterDecorator = createParamDecorator(invitationFactory);
