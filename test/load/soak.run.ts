import type { Credentials } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import type { Reply } from '../support/reply.js';
import { writeVisit } from '../support/visits.js';

/** Something that a handler can do. */
export interface Shape {
  /** The handler … */
  readonly does: string;
  /** What becomes of the ticket. */
  readonly outcome: 'used' | 'free';
  /** The status of the answer where nobody interferes. */
  readonly status: number;
  /** @default the same */
  readonly statusOnFastify?: number;
  readonly handler: (run: Run, reply: Reply) => unknown;
  readonly response?: () => ParameterDecorator;
  readonly decorators?: readonly MethodDecorator[];
  /** Its failure shows only in an answer that somebody waits for, or in a stream that somebody reads. */
  readonly failsLater?: boolean;
  /** Its answer breaks off: nobody knows whether that is seen before its status is sent. */
  readonly breaksOff?: boolean;
  /** It returns before its work is done, and tells the end of that. */
  readonly endsItself?: boolean;
  /** An `async *` method, which does not boot with a transaction. */
  readonly isGenerator?: boolean;
}

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
  /** The status of the answer where nobody interferes. */
  readonly wanted: number;
  /** The status of the answer; 0: there was none. */
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
    /** Returns what to call when it is closed. */
    readonly open: (what: string) => () => void,
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
