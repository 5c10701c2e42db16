import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { bindOutermost } from '../../nest.internals.js';
import { asWorkError } from '../../tickets/store/database.errors.js';
import { TicketError } from '../../tickets/ticket.errors.js';
import { Answers } from './answers.js';

/**
 * Answers the errors of the ticket office that a guarded handler throws, such as one that claims its ticket itself, as
 * the guard would, and not as faults of the app. So it does with a passing fault of the database at a statement of the
 * transaction that stamps the ticket: it is rolled back, and the guest can try again.
 */
@Injectable()
export class AnswerTicketErrors implements NestInterceptor {
  /** @param answers missing, or a mock, in a test of the app that replaces the guard and has no ticket office */
  constructor(@Optional() private readonly answers?: Answers) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => this.refuse(context, error)));
  }

  private async refuse(context: ExecutionContext, thrown: unknown): Promise<never> {
    const error = asWorkError(thrown);
    if (!(error instanceof TicketError) || !(this.answers instanceof Answers)) throw thrown;
    throw await this.answers.refuse(context, error);
  }
}

/**
 * Binds {@link AnswerTicketErrors} outside of all other interceptors of the handler or the controller: they see the
 * ticket office's own errors, the ticket is released before its guest is answered, and an interceptor that recovers
 * sends no header of a refusal.
 */
export function answerTicketErrors(
  target: object,
  _name?: string | symbol,
  descriptor?: PropertyDescriptor,
): void {
  bindOutermost((descriptor?.value ?? target) as object, AnswerTicketErrors);
}
