import type { LouvreModel } from './louvre.model.js';
import type { Louvre } from './louvre.js';
import { anyPick, type Pick, pick, picked } from './pick.js';
import { Step } from './step.js';
import { claimed, released, stamped } from './ticket.model.js';

class TakeClaim extends Step {
  constructor(private readonly admission: Pick) {
    super();
  }

  check({ admissions }: LouvreModel): boolean {
    return admissions.length > 0;
  }

  foretell(model: LouvreModel): unknown {
    const { ticket, generation } = picked(model.admissions, this.admission);
    const id = model.claimsGranted;
    const after = claimed(model.tickets[ticket]!, generation, id, model.moment);
    if (typeof after !== 'string') {
      model.claims.push({ ticket, id });
      model.claimsGranted += 1;
    }
    return model.change(ticket, after, 'claimed');
  }

  async perform({ office, admissions, claims }: Louvre): Promise<string> {
    claims.push(await office.claim(picked(admissions, this.admission)));
    return 'claimed';
  }

  toString(): string {
    return `claim(admission ${this.admission})`;
  }
}

/** What the holder of a claim does, who may have lost it by then, or ended it already. */
abstract class HolderStep extends Step {
  constructor(protected readonly claim: Pick) {
    super();
  }

  check({ claims }: LouvreModel): boolean {
    return claims.length > 0;
  }
}

class Stamp extends HolderStep {
  foretell(model: LouvreModel): unknown {
    const { ticket, id } = picked(model.claims, this.claim);
    return model.change(ticket, stamped(model.tickets[ticket]!, id, model.moment), undefined);
  }

  perform({ claims }: Louvre): Promise<void> {
    return picked(claims, this.claim).stamp();
  }

  toString(): string {
    return `stamp(claim ${this.claim})`;
  }
}

class Release extends HolderStep {
  foretell(model: LouvreModel): unknown {
    const { ticket, id } = picked(model.claims, this.claim);
    return model.change(ticket, released(model.tickets[ticket]!, id), undefined);
  }

  perform({ claims }: Louvre): Promise<void> {
    return picked(claims, this.claim).release();
  }

  toString(): string {
    return `release(claim ${this.claim})`;
  }
}

/** What a killed process leaves: the claim on the row, and nobody who holds it. */
class Crash extends HolderStep {
  foretell({ claims }: LouvreModel): void {
    claims.splice(pick(claims, this.claim), 1);
  }

  async perform({ claims }: Louvre): Promise<void> {
    claims.splice(pick(claims, this.claim), 1);
  }

  toString(): string {
    return `crash(claim ${this.claim})`;
  }
}

export const claim = anyPick.map((admission) => new TakeClaim(admission));
export const stamp = anyPick.map((held) => new Stamp(held));
export const release = anyPick.map((held) => new Release(held));
export const crash = anyPick.map((held) => new Crash(held));
