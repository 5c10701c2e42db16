import {
  type CallHandler,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { InvitationGuard, Ticket, TicketService } from 'nestjs-ticketoffice';
import { lastValueFrom, of } from 'rxjs';
import { DataSource, IsNull } from 'typeorm';
import { setInvitation, invitationOf } from '../../lib/invitations/invitation.context.js';
import { requirementOf } from '../../lib/invitations/requirement.js';
import type { Claim } from '../../lib/tickets/claims/claim.js';
import { reach } from './checkpoints.js';

const ticketOn = (context: ExecutionContext): Ticket => invitationOf(context)!;

/** A deliberately naive stamp: looks, acts, and only then writes. */
@Injectable()
export class SelectThenUpdate implements NestInterceptor {
  constructor(private readonly dataSource: DataSource) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const { uuid } = ticketOn(context);
    const tickets = this.dataSource.getRepository(Ticket);
    const { used } = await tickets.findOneByOrFail({ uuid });
    if (used) throw new ForbiddenException({ errorCode: 'TICKET_USED' });
    const value: unknown = await lastValueFrom(next.handle());
    await tickets.update({ uuid }, { usedAt: new Date() });
    return of(value);
  }
}

/** A deliberately naive stamp: conditional, but deaf to whether it was the one that won. */
@Injectable()
export class StampWithoutCount implements NestInterceptor {
  constructor(private readonly dataSource: DataSource) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const { uuid } = ticketOn(context);
    await this.dataSource.getRepository(Ticket).update({ uuid, usedAt: IsNull() }, { usedAt: new Date() });
    return next.handle();
  }
}

/** A deliberately naive stamp: an upsert succeeds for the last guest as it did for the first. */
@Injectable()
export class StampByUpsert implements NestInterceptor {
  constructor(private readonly dataSource: DataSource) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const { uuid } = ticketOn(context);
    const tickets = this.dataSource.getRepository(Ticket);
    const columns = tickets.metadata.columns.map(({ propertyName }) => [propertyName, true]);
    const row = await tickets.findOneOrFail({ where: { uuid }, select: Object.fromEntries(columns) });
    await tickets.upsert(Object.assign(row, { usedAt: new Date() }) as never, ['uuid']);
    return next.handle();
  }
}

/** A deliberately naive stamp: claims well, and then stamps whoever's claim is on the row. */
@Injectable()
export class StampOfAnybody implements NestInterceptor {
  constructor(
    private readonly tickets: TicketService,
    private readonly dataSource: DataSource,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const ticket = ticketOn(context);
    await this.tickets.claim(ticket);
    const value: unknown = await lastValueFrom(next.handle());
    await this.dataSource.getRepository(Ticket).update({ uuid: ticket.uuid }, { usedAt: new Date() });
    return of(value);
  }
}

/** A deliberately naive stamp: an interceptor lives as long as the app, and this one keeps a guest's claim. */
@Injectable()
export class ClaimOnThis implements NestInterceptor {
  private claim!: Claim;

  constructor(private readonly tickets: TicketService) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    this.claim = await this.tickets.claim(ticketOn(context));
    const value: unknown = await lastValueFrom(next.handle());
    await this.claim.stamp().catch(() => undefined);
    return of(value);
  }
}

/** A deliberately naive guard: keeps the ticket that it admits on itself. */
@Injectable()
export class TicketOnGuard extends InvitationGuard {
  private admitted!: Ticket;

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    this.admitted = ticketOn(context);
    // Anything that awaits will do.
    await new Promise((resolve) => setImmediate(resolve));
    await reach('admitted', ticketOn(context).uuid);
    setInvitation(context, requirementOf(context)!, this.admitted, TicketOnGuard);
    return true;
  }
}
