import { ConflictException, HttpStatus } from '@nestjs/common';
import { isForNow } from '../site/refused.page.js';
import { refusalBy } from '../site/ticket.refusal.js';

/** Why something cannot be done about a ticket, for the clerk; `undefined` for an error that is no such reason. */
export function obstacleBy(error: unknown): { status: HttpStatus; message: string } | undefined {
  if (error instanceof ConflictException) return { status: HttpStatus.CONFLICT, message: error.message };
  const refusal = refusalBy(error);
  if (!refusal) return undefined;
  const { status, message } = refusal;
  // A guest with a ticket that is over is forbidden to enter; nothing is forbidden to the clerk.
  return { status: isForNow(refusal) ? status : HttpStatus.CONFLICT, message };
}
