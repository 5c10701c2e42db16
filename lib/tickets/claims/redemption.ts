import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Admission } from '../admission/admission.js';
import type { CredentialsLike } from '../credentials.js';
import { describe } from '../input/rules.js';
import type { TicketWith } from '../own-columns.types.js';
import type { Scope } from '../scope.js';
import { Ticket } from '../ticket.entity.js';
import { TicketInputError } from '../ticket.errors.js';
import { Claims } from './claims.js';

/** The work that a ticket permits: everything that it writes through `manager` is written exactly once. */
export type RedemptionWork<T, R, E extends Ticket = Ticket> = (
  ticket: TicketWith<E, T>,
  manager: EntityManager,
) => R | Promise<R>;

/** Uses a ticket up in one transaction with the work that it permits. */
@Injectable()
export class Redemption {
  constructor(
    private readonly admission: Admission,
    private readonly claims: Claims,
  ) {}

  async redeem<T, R>(
    presented: CredentialsLike | Ticket<T>,
    scope: Scope,
    work: RedemptionWork<T, R>,
  ): Promise<R> {
    if (typeof work !== 'function') {
      const wanted = 'work must be a function (ticket, manager) => …';
      throw new TicketInputError('redeem()', [`${wanted}, not ${describe(work)}`]);
    }
    const ticket = await this.admit(presented, scope);
    return this.claims.during(ticket, () => this.run(ticket as Ticket<T>, work));
  }

  private async run<T, R>(ticket: Ticket<T>, work: RedemptionWork<T, R>): Promise<R> {
    const claim = await this.claims.takeInTransaction(ticket);
    let result: R;
    try {
      result = await work(ticket, claim.manager);
    } catch (error) {
      // The work's own error counts, and not one of closing the connection.
      await claim.release().catch(() => undefined);
      throw error;
    }
    await claim.stamp();
    return result;
  }

  private async admit(presented: unknown, scope: Scope): Promise<Ticket> {
    return presented instanceof Ticket
      ? this.admission.inHand(presented, scope)
      : this.admission.byCredentials(presented, scope);
  }
}
