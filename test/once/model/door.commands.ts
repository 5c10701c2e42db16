import fc from 'fast-check';
import type { LouvreModel } from './louvre.model.js';
import type { Louvre } from './louvre.js';
import { admissionOf, anyShown, credentialsOf, describeShown, type Shown } from './shown.js';
import { Step } from './step.js';
import { issued } from './ticket.model.js';

const VISIT = { place: 'louvre', purpose: 'visit' };

/** @param expiresIn in ms; `null`: never */
class Issue extends Step {
  constructor(private readonly expiresIn: number | null) {
    super();
  }

  check({ tickets }: LouvreModel): boolean {
    return tickets.length < 4;
  }

  foretell({ tickets, moment }: LouvreModel): string {
    tickets.push(issued(this.expiresIn && moment.now + this.expiresIn));
    return 'issued';
  }

  async perform({ office, secrets }: Louvre): Promise<string> {
    secrets.push([(await office.issue({ ...VISIT, expiresIn: this.expiresIn })).credentials]);
    return 'issued';
  }

  toString(): string {
    return `issue(expires in ${this.expiresIn})`;
  }
}

class Authenticate extends Step {
  constructor(private readonly shown: Shown) {
    super();
  }

  check({ tickets }: LouvreModel): boolean {
    return tickets.length > 0;
  }

  foretell(model: LouvreModel): string {
    const admission = admissionOf(model, this.shown);
    if (!admission) return 'TICKET_INVALID';
    const refusal = model.refusal(admission);
    if (refusal) return refusal;
    model.admissions.push(admission);
    return 'admitted';
  }

  async perform(louvre: Louvre): Promise<string> {
    const { place, purpose } = this.shown;
    louvre.admissions.push(
      await louvre.office.authenticate(credentialsOf(louvre, this.shown), place, purpose),
    );
    return 'admitted';
  }

  toString(): string {
    return `authenticate(${describeShown(this.shown)})`;
  }
}

export const issue = (...lives: (number | null)[]) =>
  fc.constantFrom(...lives).map((life) => new Issue(life));
export const authenticate = anyShown.map((shown) => new Authenticate(shown));
