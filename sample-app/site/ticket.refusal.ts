import { HttpException, HttpStatus } from '@nestjs/common';
import {
  type PageContext,
  type TicketErrorCode,
  TicketError,
  TicketExpiredError,
  TicketRevokedError,
  TicketUsedError,
} from 'nestjs-ticketoffice';

/** What the library's guard answers to each error, for handlers that call `claim()` themselves. */
const STATUS: Partial<Record<TicketErrorCode, HttpStatus>> = {
  TICKET_INVALID: HttpStatus.FORBIDDEN,
  TICKET_USED: HttpStatus.FORBIDDEN,
  TICKET_EXPIRED: HttpStatus.FORBIDDEN,
  TICKET_REVOKED: HttpStatus.FORBIDDEN,
  TICKET_BUSY: HttpStatus.CONFLICT,
  TICKET_OFFICE_BUSY: HttpStatus.SERVICE_UNAVAILABLE,
};

/** The refusal that an error is to the guest; `undefined` for an error that is none. */
export function refusalBy(error: unknown): PageContext | undefined {
  if (!(error instanceof TicketError)) return undefined;
  const { code, message } = error;
  const status = STATUS[code];
  return status && { status, code, message, instant: instantOf(error) };
}

function instantOf(error: TicketError): Date | undefined {
  if (error instanceof TicketUsedError) return error.usedAt;
  if (error instanceof TicketExpiredError) return error.expiresAt;
  return error instanceof TicketRevokedError ? error.revokedAt : undefined;
}

/** The same for programs. */
export const exceptionOf = ({ status, code: errorCode, message }: PageContext) =>
  new HttpException(message, status, { errorCode });
