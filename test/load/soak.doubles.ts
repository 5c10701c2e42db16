import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  type OnModuleDestroy,
} from '@nestjs/common';
import { StampInvitation, TicketService } from 'nestjs-ticketoffice';
import { from, lastValueFrom, mergeMap, type Observable, of } from 'rxjs';
import { DataSource } from 'typeorm';
import { nodeRequestOf, requestOf } from '../../lib/invitations/guest-request.js';
import { invitationOf } from '../../lib/invitations/invitation.context.js';
import type { Claim } from '../../lib/tickets/claims/claim.js';

/** A deliberately naive stamp: whatever has not thrown by the time that it returns has succeeded. */
@Injectable()
export class StampAtReturn implements NestInterceptor {
  constructor(protected readonly tickets: TicketService) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const claim = await this.tickets.claim(invitationOf(context)!);
    return this.answer(this.run(claim, next));
  }

  protected answer(value: Promise<unknown>): Observable<unknown> {
    // Perhaps nobody subscribes any more.
    value.catch(() => undefined);
    return from(value);
  }

  protected async run(claim: Claim, next: CallHandler<unknown>): Promise<unknown> {
    let value: unknown;
    try {
      value = await lastValueFrom(next.handle());
    } catch (error) {
      await claim.release();
      throw error;
    }
    await claim.stamp();
    return value;
  }
}

/** A deliberately naive stamp: gives the ticket back when the guest hangs up. */
@Injectable()
export class ReleaseAtHangUp extends StampAtReturn {
  override async intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    const claim = await this.tickets.claim(invitationOf(context)!);
    nodeRequestOf(requestOf(context)).socket!.once('close', () => void claim.release());
    return this.answer(this.run(claim, next));
  }
}

/** A deliberately naive stamp: stays with the handler only as long as somebody waits for the answer. */
@Injectable()
export class StampWhileWaitedFor extends StampAtReturn implements OnModuleDestroy {
  private readonly claims = new Set<Claim>();

  override async intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    const claim = await this.tickets.claim(invitationOf(context)!);
    this.claims.add(claim);
    return next.handle().pipe(
      mergeMap(async (value) => {
        await claim.stamp();
        this.claims.delete(claim);
        return value;
      }),
    );
  }

  /** The ticket office would wait for them, ten seconds. */
  async onModuleDestroy() {
    await Promise.all([...this.claims].map((claim) => claim.release()));
  }
}

/** A deliberately naive stamp: looks, acts, and only then writes. */
@Injectable()
export class LookThenStamp extends StampAtReturn {
  override async intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    const ticket = invitationOf(context)!;
    const value: unknown = await lastValueFrom(next.handle());
    await this.tickets.claim(ticket).then(
      (claim) => claim.stamp(),
      () => undefined,
    );
    return of(value);
  }
}

/** The library's stamp, and something that it keeps for each request. */
@Injectable()
export class KeepsListeners extends StampInvitation {
  override intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    nodeRequestOf(requestOf(context)).socket!.on('close', () => undefined);
    return super.intercept(context, next);
  }
}

/** The same, on the process. */
@Injectable()
export class KeepsListenersOnProcess extends StampInvitation {
  override intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    process.on('SIGTERM', () => undefined);
    return super.intercept(context, next);
  }
}

/** The same, in a list. */
@Injectable()
export class KeepsRequests extends StampInvitation {
  private readonly kept: ExecutionContext[] = [];

  override intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    this.kept.push(context);
    return super.intercept(context, next);
  }
}

/** The library's stamp, and a transaction that ends only with an answer. */
@Injectable()
export class LeavesTransactions extends StampInvitation {
  @Inject(DataSource) private readonly dataSource!: DataSource;
  private isOpen = false;

  override intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    // One at a time: the app has ten connections.
    if (this.isOpen) return super.intercept(context, next);
    this.isOpen = true;
    const runner = this.dataSource.createQueryRunner();
    const end = async (value: unknown) => {
      await runner.rollbackTransaction();
      await runner.release();
      this.isOpen = false;
      return value;
    };
    return from(runner.startTransaction()).pipe(
      mergeMap(() => super.intercept(context, next)),
      mergeMap(end),
    );
  }
}
