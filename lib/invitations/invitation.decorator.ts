import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { invitationOf } from './invitation.context.js';

/**
 * Injects the admitted ticket into a handler: `visit(@Invitation() ticket: Ticket<{ firstName: string }>)`.
 *
 * @throws TicketOfficeConfigurationError where no `@InvitationRequired` has admitted one
 */
export const Invitation: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext) => {
    const ticket = invitationOf(context);
    if (ticket) return ticket;
    throw new TicketOfficeConfigurationError(
      `@Invitation() in ${context.getClass().name}.${context.getHandler().name}: write @InvitationRequired(place, purpose) above the handler`,
    );
  },
);
