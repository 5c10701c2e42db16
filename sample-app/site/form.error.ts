import { HttpException, HttpStatus } from '@nestjs/common';

/** What a template shows of a rejected form: its faults, and the values typed. */
export interface FormLocals {
  readonly faults: string[];
  readonly [name: string]: unknown;
}

/**
 * A form to fill in again, which `ProblemFilter` shows. Thrown, not returned: a handler that throws leaves the ticket
 * usable.
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
