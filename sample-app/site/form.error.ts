import { HttpException, HttpStatus } from '@nestjs/common';

/** What a template shows of a rejected form: its faults, and what was typed. */
export interface FormLocals {
  readonly faults: string[];
  readonly [name: string]: unknown;
}

/**
 * A form that has to be filled in again. Thrown, not returned, so that a handler under `StampInvitation` that
 * rejects what was typed leaves the ticket usable. `ProblemFilter` shows the form.
 */
export class FormError extends HttpException {
  constructor(
    readonly view: string,
    readonly locals: FormLocals,
    status = HttpStatus.UNPROCESSABLE_ENTITY,
  ) {
    super({ statusCode: status, message: locals.faults }, status);
  }
}
