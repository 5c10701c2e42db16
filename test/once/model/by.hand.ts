import { randomUUID } from 'node:crypto';
import { type Claim, Ticket, TicketBusyError } from 'nestjs-ticketoffice';
import { type TicketConditions, ticketConditions } from '../../../lib/tickets/store/ticket.conditions.js';
import { generationOf } from '../../../lib/tickets/store/ticket.row.js';
import { ABANDONED_AFTER } from './durations.js';
import { PassingOn } from './passing.on.js';
import type { Scene } from './scene.js';

type Values = Record<string, string | number>;

/** Claims as somebody may write them by hand who knows how. Each of the doubles forgets one thing. */
export class ByHand extends PassingOn {
  protected readonly when: TicketConditions;

  constructor(scene: Scene) {
    super(scene);
    this.when = ticketConditions(scene.dataSource);
  }

  override async claim(ticket: Ticket): Promise<Claim> {
    const claimId = randomUUID();
    await this.take(ticket, claimId);
    const known = { uuid: ticket.uuid, claimId };
    return {
      ticket,
      stamp: () => this.change({ usedAt: ':now' }, this.stampable(), known),
      // A release that comes too late is no error.
      release: () => this.change(NO_CLAIM, this.releasable(), known).catch(() => undefined),
    };
  }

  protected take(ticket: Ticket, claimId: string): Promise<void> {
    const known = { uuid: ticket.uuid, generation: generationOf(ticket)!, claimId };
    return this.change(A_CLAIM, this.claimable(), known);
  }

  protected claimable(): string[] {
    const { same, hasStatus, unclaimed } = this.when;
    return [same('uuid'), same('generation'), hasStatus('valid'), unclaimed()];
  }

  protected stampable(): string[] {
    const { same, none } = this.when;
    return [same('uuid'), same('claimId'), none('usedAt')];
  }

  protected releasable(): string[] {
    const { same, none } = this.when;
    return [same('uuid'), same('claimId'), none('usedAt')];
  }

  /** @param changes an expression for each column */
  protected async change(
    changes: Record<string, string>,
    conditions: string[],
    known: Values,
  ): Promise<void> {
    const now = this.scene.clock.now().getTime();
    const set = Object.entries(changes).map(([column, value]) => [column, () => value]);
    const update = this.scene.dataSource
      .createQueryBuilder()
      .update(Ticket)
      .set(Object.fromEntries(set))
      .where(conditions.join(' AND '), { ...known, now, abandoned: now - ABANDONED_AFTER });
    if ((await update.execute()).affected !== 1) throw new TicketBusyError();
  }
}

export const A_CLAIM = { claimId: ':claimId', claimedAt: ':now' };
const NO_CLAIM = { claimId: 'NULL', claimedAt: 'NULL' };
