import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { answersItself } from '../../nest.internals.js';
import { responseOf } from '../guest-request.js';

/** Decides whether a handler that returned has failed all the same, by a status of 400 or more. */
@Injectable()
export class HandlerOutcome {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  isFailure(context: ExecutionContext): boolean {
    const response = responseOf(context) as { statusCode: number } | undefined;
    if (!response || response.statusCode < 400) return false;
    // An answer that is out before Nest sends the handler's comes from somebody else (503 of a time-out, say), and says
    // nothing about the handler: unless the handler sends its answer itself.
    return !this.adapterHost.httpAdapter.isHeadersSent(response) || answersItself(context);
  }
}
