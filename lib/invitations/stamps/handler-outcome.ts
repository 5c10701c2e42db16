import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { answersItself } from '../../nest.internals.js';
import { responseOf } from '../guest-request.js';

/** Decides whether a handler that has returned has failed nevertheless, by a status of 400 or more. */
@Injectable()
export class HandlerOutcome {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  isFailure(context: ExecutionContext): boolean {
    const response = responseOf(context) as { statusCode: number } | undefined;
    if (!response || response.statusCode < 400) return false;
    // Headers that were sent before Nest sends the handler's answer belong to another answer (503 of a time-out, say),
    // and say nothing about the handler, unless the handler sends its answer itself.
    return !this.adapterHost.httpAdapter.isHeadersSent(response) || answersItself(context);
  }
}
