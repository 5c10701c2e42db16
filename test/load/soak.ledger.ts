import type { Credentials, Ticket } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { writeVisit } from '../support/visits.js';
import type { Shape } from './soak.shapes.js';

/** What comes between a guest and the answer; times in ms after the request has come. */
export interface Disturbance {
  readonly hangUpAfter?: number;
  /** At the first chunk of the answer. */
  readonly hangsUpInAnswer?: boolean;
  /** An interceptor outside the stamp gives up. */
  readonly giveUpAfter?: number;
  /** Middleware answers 503. */
  readonly answerAfter?: number;
}

/** One request. */
export interface Visit extends Disturbance {
  readonly id: string;
  readonly credentials: Credentials;
  readonly stamp: string;
  readonly shape: Shape;
  /** How long the handler works, in ms. */
  readonly worksFor: number;
  /** How long it rests between two chunks, in ms. */
  readonly restsFor: number;
  readonly isKeptAlive: boolean;
  /** Of the answer, where nobody interferes. */
  readonly wanted: number;
  /** Of the answer; 0: there was none. */
  status: number;
}

export const isDisturbed = (visit: Visit): boolean =>
  visit.hangUpAfter !== undefined ||
  visit.hangsUpInAnswer === true ||
  visit.giveUpAfter !== undefined ||
  visit.answerAfter !== undefined;

/** After a while; a random while is the work of this test. */
export const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One call of a handler. */
export class Run {
  isOver = false;
  /** Its effect is written, though not committed. */
  hasWritten = false;
  /** Its work has failed where it should not: its manager was not to be used any more, for example. */
  isBroken = false;

  constructor(
    readonly visit: Visit,
    private readonly ledger: SoakLedger,
    private readonly manager: EntityManager | undefined,
  ) {}

  get shape(): Shape {
    return this.visit.shape;
  }

  /** What a handler is there for: something that must not happen twice. */
  async work(): Promise<void> {
    await after(this.visit.worksFor);
    if (!this.manager) return;
    try {
      await writeVisit(this.manager, this.visit.credentials.uuid);
      this.hasWritten = true;
    } catch (error) {
      this.isBroken = true;
      throw error;
    }
  }

  /** Between two chunks. */
  rest(): Promise<void> {
    return after(this.visit.restsFor);
  }

  /** Nothing of its work is left to do: whether it succeeds or fails is certain. */
  end(): void {
    this.isOver = true;
  }

  /** @returns what to call when it is closed */
  open(what: string): () => void {
    return this.ledger.open(what);
  }

  /**
   * What must become of the ticket; nothing where it is in doubt: an answer that nobody waits for may never tell that it
   * has failed.
   */
  get outcome(): 'used' | 'free' | undefined {
    const { shape, visit } = this;
    if (this.isBroken) return shape.endsItself ? undefined : 'free';
    if (shape.outcome === 'used') return 'used';
    return shape.failsLater && visit.status !== visit.wanted ? undefined : 'free';
  }
}

/** What the handlers have done with the tickets of a wave. */
export class SoakLedger {
  readonly visits = new Map<string, Visit>();
  readonly runs = new Map<string, Run[]>();
  readonly faults: string[] = [];
  /** What the handlers have opened and nobody has closed, by kind. */
  readonly unclosed = new Map<string, number>();

  /** A handler begins. */
  begin(visitId: string, { uuid }: Ticket, manager?: EntityManager): Run {
    const visit = this.visits.get(visitId);
    if (!visit) throw new Error(`there is no visit ${visitId}`);
    const earlier = this.runs.get(uuid) ?? [];
    const run = new Run(visit, this, manager);
    if (visit.credentials.uuid !== uuid) this.faults.push(`${run.shape.does}: has the ticket of another`);
    for (const other of earlier) {
      if (!other.isOver) this.faults.push(`${run.shape.does}: runs beside ${other.shape.does}`);
      else if (other.outcome === 'used')
        this.faults.push(`${run.shape.does}: runs after ${other.shape.does}`);
    }
    this.runs.set(uuid, [...earlier, run]);
    return run;
  }

  runsOf(uuid: string): readonly Run[] {
    return this.runs.get(uuid) ?? [];
  }

  open(what: string): () => void {
    const count = (change: number) => this.unclosed.set(what, (this.unclosed.get(what) ?? 0) + change);
    count(1);
    let isOpen = true;
    return () => {
      if (isOpen) count(-1);
      isOpen = false;
    };
  }

  /** Handlers that are at work, and what they have left open. */
  get unfinished(): string[] {
    const runs = [...this.runs.values()].flat().filter(({ isOver }) => !isOver);
    const open = [...this.unclosed].filter(([, count]) => count > 0);
    return [
      ...runs.map(({ shape }) => `${shape.does}: never ends`),
      ...open.map(([what, count]) => `left open: ${what}, ${count} times`),
    ];
  }

  /** Forgets a wave that was judged. */
  clear(): void {
    this.visits.clear();
    this.runs.clear();
    this.faults.length = 0;
    this.unclosed.clear();
  }
}
