import type { CanActivate } from '@nestjs/common';
import { copyProblem, otherCopyWith } from '../copies.js';
import { setInvitation } from '../invitations/invitation.context.js';
import { InvitationGuard } from '../invitations/invitation.guard.js';
import { requirementOf } from '../invitations/requirement.js';
import { describe } from '../tickets/input/rules.js';
import { Ticket } from '../tickets/ticket.entity.js';
import { TicketInputError } from '../tickets/ticket.errors.js';

/**
 * A guard that stands in for InvitationGuard in a test: it admits every request with this ticket, whatever place and
 * purpose the handler requires, and whether the ticket is valid or not. `@Invitation()` gets that ticket.
 *
 * @example
 * .overrideGuard(InvitationGuard).useValue(admit(ticket))
 * @throws TicketInputError for anything but a ticket
 */
export function admit(ticket: Ticket): CanActivate {
  if (!(ticket instanceof Ticket)) throw new TicketInputError('admit()', [problemOf(ticket)]);
  return {
    canActivate: (context) => {
      const requirement = requirementOf(context);
      if (requirement) setInvitation(context, requirement, ticket, InvitationGuard);
      return true;
    },
  };
}

function problemOf(ticket: unknown): string {
  const other = otherCopyWith(ticket);
  return other
    ? copyProblem('ticket', other)
    : `ticket must be a ticket, ticketFor({ … }), not ${describe(ticket)}`;
}
