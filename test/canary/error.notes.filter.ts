import { type ArgumentsHost, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { Witness } from './witness.js';

/** An exception filter of the app's, which sees every error that Nest is to answer. */
@Catch()
export class ErrorNotes extends BaseExceptionFilter {
  constructor(private readonly witness: Witness) {
    super();
  }

  override catch(exception: unknown, host: ArgumentsHost): void {
    this.witness.note('error', exception);
    super.catch(exception, host);
  }
}
