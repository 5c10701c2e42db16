import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { requestOf, responseOf } from '../guest-request.js';
import { Answers } from './answers.js';

/**
 * Answers the errors of the ticket office that a guarded handler lets out, one that claims its ticket by itself, say:
 * as the guard answers them, and not as faults of the app.
 */
@Injectable()
export class AnswerTicketErrors implements NestInterceptor {
  constructor(private readonly answers: Answers) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => this.refuse(context, error)));
  }

  private async refuse(context: ExecutionContext, error: unknown): Promise<never> {
    throw await this.answers.refuse(requestOf(context), responseOf(context), error);
  }
}
