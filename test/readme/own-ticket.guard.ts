import { Injectable, UnauthorizedException } from '@nestjs/common';
import { CredentialsError, InvitationGuard, Ticket, type Visit } from 'nestjs-ticketoffice';
import type { WithUser } from './logged-in.guard.js';

/** Refuses tickets that are for other members than the one that is logged in. */
@Injectable()
export class OwnTicketGuard extends InvitationGuard {
  protected override async admit(visit: Visit): Promise<Ticket> {
    const { user } = visit.request as Partial<WithUser>;
    if (!user) throw new UnauthorizedException('Log in first, and open the link again.');
    const ticket = await super.admit(visit);
    if (ticket.subject !== user.id) throw new CredentialsError(); // as for a wrong password
    return ticket;
  }
}
