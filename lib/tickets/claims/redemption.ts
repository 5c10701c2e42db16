import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Admission } from '../admission/admission.js';
import type { CredentialsLike } from '../credentials.js';
import { describe } from '../input/rules.js';
import { assertPlaceAndPurpose } from '../input/arguments.js';
import { Ticket } from '../ticket.entity.js';
import { TicketInputError } from '../ticket.errors.js';
import { Claims } from './claims.js';

/** What a ticket is good for: whatever it writes through `manager` is written exactly once. */
export type RedemptionWork<T, R> = (ticket: Ticket<T>, manager: EntityManager) => R | Promise<R>;

/** Uses a ticket up in one transaction with the work it is good for. */
@Injectable()
export class Redemption {
  constructor(
    private readonly admission: Admission,
    private readonly claims: Claims,
  ) {}

  async redeem<T, R>(
    shown: CredentialsLike | Ticket<T>,
    place: string,
    purpose: string,
    work: RedemptionWork<T, R>,
  ): Promise<R> {
    assertPlaceAndPurpose('redeem()', place, purpose);
    if (typeof work !== 'function') {
      const wanted = 'work must be a function (ticket, manager) => …';
      throw new TicketInputError('redeem()', [`${wanted}, not ${describe(work)}`]);
    }
    const ticket = await this.admit(shown, place, purpose);
    const claim = await this.claims.takeInTransaction(ticket);
    let result: R;
    try {
      result = await work(ticket as Ticket<T>, claim.manager);
    } catch (error) {
      await claim.release();
      throw error;
    }
    await claim.stamp();
    return result;
  }

  private async admit(shown: unknown, place: string, purpose: string): Promise<Ticket> {
    return shown instanceof Ticket
      ? this.admission.inHand(shown, place, purpose)
      : this.admission.byCredentials(shown, place, purpose);
  }
}
