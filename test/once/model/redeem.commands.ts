import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { Deed } from './deed.entity.js';
import type { LouvreModel, ModelAdmission } from './louvre.model.js';
import type { Louvre } from './louvre.js';
import { anyPick, type Pick, picked } from './pick.js';
import { admissionOf, anyShown, credentialsOf, describeShown, type Shown } from './shown.js';
import { Step, WorkFailedError } from './step.js';
import { redeemed } from './ticket.model.js';

/** By a ticket that was admitted before, or by credentials. */
abstract class Redeem extends Step {
  constructor(private readonly succeeds: boolean) {
    super();
  }

  foretell(model: LouvreModel): unknown {
    const admission = this.admission(model);
    if (!admission) return 'TICKET_INVALID';
    const { ticket, generation } = admission;
    const after = redeemed(model.tickets[ticket]!, generation, model.claimsGranted, model.moment);
    // A claim that is rolled back was never there.
    if (typeof after !== 'string' && !this.succeeds) return 'WORK_FAILED';
    if (typeof after !== 'string') model.claimsGranted += 1;
    return model.change(ticket, after, 'redeemed');
  }

  protected abstract admission(model: LouvreModel): ModelAdmission | undefined;

  protected readonly work = async (ticket: { uuid: string }, manager: EntityManager): Promise<string> => {
    await manager.insert(Deed, { ticket: ticket.uuid, doer: 'somebody' });
    if (!this.succeeds) throw new WorkFailedError();
    return 'redeemed';
  };

  protected get outcome(): string {
    return this.succeeds ? 'succeeds' : 'fails';
  }
}

class RedeemBySecret extends Redeem {
  constructor(
    private readonly shown: Shown,
    succeeds: boolean,
  ) {
    super(succeeds);
  }

  check({ tickets }: LouvreModel): boolean {
    return tickets.length > 0;
  }

  perform(louvre: Louvre): Promise<string> {
    const { place, purpose } = this.shown;
    return louvre.office.redeem(credentialsOf(louvre, this.shown), place, purpose, this.work);
  }

  toString(): string {
    return `redeem(${describeShown(this.shown)}, work ${this.outcome})`;
  }

  protected admission(model: LouvreModel): ModelAdmission | undefined {
    return admissionOf(model, this.shown);
  }
}

class RedeemByTicket extends Redeem {
  constructor(
    private readonly admitted: Pick,
    succeeds: boolean,
  ) {
    super(succeeds);
  }

  check({ admissions }: LouvreModel): boolean {
    return admissions.length > 0;
  }

  perform({ office, admissions }: Louvre): Promise<string> {
    return office.redeem(picked(admissions, this.admitted), 'louvre', 'visit', this.work);
  }

  toString(): string {
    return `redeem(admission ${this.admitted}, work ${this.outcome})`;
  }

  protected admission({ admissions }: LouvreModel): ModelAdmission {
    return picked(admissions, this.admitted);
  }
}

export const redeem = fc.oneof(
  fc.tuple(anyShown, fc.boolean()).map(([shown, fails]) => new RedeemBySecret(shown, !fails)),
  fc.tuple(anyPick, fc.boolean()).map(([admission, fails]) => new RedeemByTicket(admission, !fails)),
);
