import {
  ConflictException,
  ForbiddenException,
  type HttpException,
  type HttpExceptionOptions,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { exceptionWithCode } from '../../nest.versions.js';
import { TicketError, type TicketErrorCode } from '../../tickets/ticket.errors.js';

interface Row {
  readonly exception: new (message: string, options: HttpExceptionOptions) => HttpException;
  readonly page: 'unauthorized' | 'forbidden';
  /** The field of the error that has its instant; only holders get such an error. */
  readonly instant?: 'usedAt' | 'expiresAt' | 'revokedAt' | 'claimedAt';
  readonly headers?: Record<string, string>;
  /** Whether it may be over in a moment, unless the error has an instant. */
  readonly isPassing?: true;
}

/** In s: a handler that holds a ticket is usually done by then. */
const MOMENT = '1';
const RETRY = { 'Retry-After': MOMENT };
/** Loads the page again by itself: a header, which every browser knows, needs neither a script nor the page's policy. */
const RELOAD = { Refresh: MOMENT };
const CHALLENGE = { 'WWW-Authenticate': 'Ticket' };

/** The answer to a guest for each error. An error that is missing here is a fault of the app: a 500. */
const ANSWERS: Partial<Record<TicketErrorCode, Row>> = {
  TICKET_MISSING: { exception: UnauthorizedException, page: 'unauthorized', headers: CHALLENGE },
  TICKET_INVALID: { exception: ForbiddenException, page: 'forbidden' },
  TICKET_USED: { exception: ForbiddenException, page: 'forbidden', instant: 'usedAt' },
  TICKET_EXPIRED: { exception: ForbiddenException, page: 'forbidden', instant: 'expiresAt' },
  TICKET_REVOKED: { exception: ForbiddenException, page: 'forbidden', instant: 'revokedAt' },
  // It has an instant only where nobody will end the claim.
  TICKET_BUSY: { exception: ConflictException, page: 'forbidden', instant: 'claimedAt', isPassing: true },
  TICKET_OFFICE_BUSY: { exception: ServiceUnavailableException, page: 'forbidden', isPassing: true },
};

/** An answer of the table, as an API description tells of it. */
export interface PossibleAnswer {
  readonly code: TicketErrorCode;
  readonly status: number;
  /** With the values that they have. */
  readonly headers: Readonly<Record<string, string>>;
  /** The field of the JSON body that may have an instant. */
  readonly instant: string | undefined;
}

/** What any guarded handler may be answered with instead of its success. */
export const possibleAnswers = (): PossibleAnswer[] =>
  Object.entries(ANSWERS).map(([code, row]) => ({
    code: code as TicketErrorCode,
    status: new row.exception('', {}).getStatus(),
    headers: headersOf(row, row.isPassing),
    instant: row.instant,
  }));

const headersOf = ({ headers = {} }: Row, isPassing: boolean | undefined): Record<string, string> =>
  isPassing ? RETRY : headers;

/** An answer that refuses a guest: the exception as JSON, with `errorCode` and the instant in it, or a page. */
export interface Refusal {
  readonly exception: HttpException;
  readonly error: TicketError;
  readonly page: Row['page'];
  readonly instant?: Date;
  readonly headers: Record<string, string>;
  /** What the built-in page has besides, in answer to a GET. */
  readonly pageHeaders: Record<string, string>;
}

/** How a guest is refused for an error; `undefined` for a fault of the app. */
export function refusalFor(error: unknown): Refusal | undefined {
  const row = error instanceof TicketError ? ANSWERS[error.code] : undefined;
  if (!row) return undefined;
  const { exception: Exception, page, instant: name } = row;
  const refused = error as TicketError & { [field in NonNullable<typeof name>]?: Date };
  const exception = exceptionWithCode(Exception, refused.message, refused.code, refused);
  const instant = name && refused[name];
  if (instant) Object.assign(exception.getResponse(), { [name]: instant.toISOString() });
  const isPassing = row.isPassing && !instant;
  const headers = headersOf(row, isPassing);
  return { exception, error: refused, page, instant, headers, pageHeaders: isPassing ? RELOAD : {} };
}
