import type { AsyncCommand } from 'fast-check';
import { TicketError } from 'nestjs-ticketoffice';
import { expect } from 'vitest';
import type { LouvreModel } from './louvre.model.js';
import type { Louvre } from './louvre.js';

/** What the work throws when it fails. */
export class WorkFailedError extends Error {}

/** One call, on the model and in earnest: with the same answer, and the same rows afterwards, of all tickets. */
export abstract class Step implements AsyncCommand<LouvreModel, Louvre> {
  abstract check(model: Readonly<LouvreModel>): boolean;

  /** Does it on the model. @returns the answer: a result, or the code of an error */
  abstract foretell(model: LouvreModel): unknown;

  abstract perform(louvre: Louvre): Promise<unknown>;

  abstract toString(): string;

  async run(model: LouvreModel, louvre: Louvre): Promise<void> {
    const foretold = this.foretell(model);
    expect(await answerOf(this.perform(louvre)), String(this)).toEqual(foretold);
    expect(await louvre.rows(), `rows after ${String(this)}`).toEqual(model.tickets);
  }
}

/** A result, or the code of an error that is foreseen; any other is thrown. */
export const answerOf = (performance: Promise<unknown>): Promise<unknown> =>
  performance.catch((error: unknown) => {
    if (error instanceof TicketError) return error.code;
    if (error instanceof WorkFailedError) return 'WORK_FAILED';
    throw error;
  });
