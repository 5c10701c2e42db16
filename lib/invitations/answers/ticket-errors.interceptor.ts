import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { catchError, type Observable } from 'rxjs';
import { NoTicketError, TicketError } from '../../tickets/ticket.errors.js';
import { findRequest, responseOf } from '../guest-request.js';
import { Answers } from './answers.js';

/**
 * Answers the errors of the ticket office that a guarded handler lets out, one that claims its ticket by itself, say:
 * as the guard answers them, and not as faults of the app.
 */
@Injectable()
export class AnswerTicketErrors implements NestInterceptor {
  /** @param answers none where a test of the app's has replaced the guard, and has no ticket office */
  constructor(@Optional() private readonly answers?: Answers) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => this.refuse(context, error)));
  }

  private async refuse(context: ExecutionContext, error: unknown): Promise<never> {
    const request = findRequest(context);
    // The guest has shown a ticket: that there is none is about another one.
    const isAnswer = error instanceof TicketError && !(error instanceof NoTicketError);
    if (!isAnswer || !request || !this.answers) throw error;
    throw await this.answers.refuse(request, responseOf(context), error);
  }
}

/**
 * Binds it outside of all other interceptors of the handler, or of the controller: they see the ticket office's own
 * errors, a ticket is given back before its guest is told, and who recovers sends no header of a refusal.
 */
export function answerTicketErrors(
  target: object,
  _name?: string | symbol,
  descriptor?: PropertyDescriptor,
): void {
  const decorated = (descriptor?.value ?? target) as object;
  const others = (Reflect.getMetadata(INTERCEPTORS_METADATA, decorated) ?? []) as unknown[];
  Reflect.defineMetadata(INTERCEPTORS_METADATA, [AnswerTicketErrors, ...others], decorated);
}
