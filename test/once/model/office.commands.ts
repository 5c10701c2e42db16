import fc from 'fast-check';
import type { LouvreModel } from './louvre.model.js';
import type { Louvre } from './louvre.js';
import { anyPick, type Pick, pick } from './pick.js';
import { Step } from './step.js';
import { reissued, reopened, revoked } from './ticket.model.js';

/** What the app itself does with a ticket, by its name. */
abstract class TicketStep extends Step {
  constructor(protected readonly ticket: Pick) {
    super();
  }

  check({ tickets }: LouvreModel): boolean {
    return tickets.length > 0;
  }
}

class Revoke extends TicketStep {
  foretell(model: LouvreModel): unknown {
    const ticket = pick(model.tickets, this.ticket);
    const before = model.tickets[ticket]!;
    const after = revoked(before, model.moment);
    return model.change(ticket, after, after !== before);
  }

  perform(louvre: Louvre): Promise<boolean> {
    return louvre.office.revoke(louvre.uuid(pick(louvre.secrets, this.ticket)));
  }

  toString(): string {
    return `revoke(ticket ${this.ticket})`;
  }
}

class Reopen extends TicketStep {
  foretell(model: LouvreModel): unknown {
    const ticket = pick(model.tickets, this.ticket);
    const before = model.tickets[ticket]!;
    const after = reopened(before);
    return model.change(ticket, after, after !== before);
  }

  perform(louvre: Louvre): Promise<boolean> {
    return louvre.office.reopen(louvre.uuid(pick(louvre.secrets, this.ticket)));
  }

  toString(): string {
    return `reopen(ticket ${this.ticket})`;
  }
}

/** @param expiresIn in ms; `null`: never; `undefined`: as before */
class Reissue extends TicketStep {
  constructor(
    ticket: Pick,
    private readonly expiresIn: number | null | undefined,
  ) {
    super(ticket);
  }

  foretell(model: LouvreModel): unknown {
    const ticket = pick(model.tickets, this.ticket);
    const expiresAt = this.expiresIn
      ? model.moment.now + this.expiresIn
      : (this.expiresIn as null | undefined);
    return model.change(ticket, reissued(model.tickets[ticket]!, expiresAt, model.moment), 'reissued');
  }

  async perform(louvre: Louvre): Promise<string> {
    const ticket = pick(louvre.secrets, this.ticket);
    const { credentials } = await louvre.office.reissue(louvre.uuid(ticket), { expiresIn: this.expiresIn });
    louvre.secrets[ticket]!.push(credentials);
    return 'reissued';
  }

  toString(): string {
    return `reissue(ticket ${this.ticket}, expires in ${this.expiresIn})`;
  }
}

class Wait extends Step {
  constructor(private readonly ms: number) {
    super();
  }

  check(): boolean {
    return true;
  }

  foretell(model: LouvreModel): void {
    model.moment = { ...model.moment, now: model.moment.now + this.ms };
  }

  async perform({ clock }: Louvre): Promise<void> {
    clock.advance(this.ms);
  }

  toString(): string {
    return `wait(${this.ms} ms)`;
  }
}

export const revoke = anyPick.map((ticket) => new Revoke(ticket));
export const reopen = anyPick.map((ticket) => new Reopen(ticket));
export const reissue = (...lives: (number | null | undefined)[]) =>
  fc.tuple(anyPick, fc.constantFrom(...lives)).map(([ticket, life]) => new Reissue(ticket, life));
export const wait = (...times: number[]) => fc.constantFrom(...times).map((ms) => new Wait(ms));
