import { type ArgumentsHost, HttpException, Logger } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

const UNKNOWN = { status: 'error', message: 'Internal server error' };

/** Whether a handler answers by messages: of a microservice, or of a WebSocket gateway. */
export const isOfMessages = (host: ArgumentsHost): boolean => ['rpc', 'ws'].includes(host.getType());

/**
 * Answers a message that its handler has refused. A filter that throws there would leave the caller without any answer.
 *
 * @returns what a filter of a microservice must return
 */
export function answerMessage(exception: unknown, host: ArgumentsHost): Observable<never> | void {
  const isAnswer = exception instanceof HttpException;
  if (!isAnswer) new Logger('TicketErrorsFilter').error(exception);
  const answer = isAnswer ? exception.getResponse() : UNKNOWN;
  if (host.getType() === 'rpc') return throwError(() => answer);
  emit(host.switchToWs().getClient(), answer);
}

interface Client {
  readonly readyState?: unknown;
  send?(text: string): unknown;
  emit?(event: string, data: unknown): unknown;
}

/** The event of Nest's own filter: by a message of text where the client is a bare WebSocket, whose `emit` sends nothing. */
function emit(client: Client, data: unknown): void {
  if (typeof client.readyState === 'number') client.send?.(JSON.stringify({ event: 'exception', data }));
  else client.emit?.('exception', data);
}
