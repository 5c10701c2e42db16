import {
  BadRequestException,
  ConflictException,
  ForbiddenException,
  type HttpException,
  type HttpExceptionOptions,
  NotFoundException,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { exceptionWithCode } from '../../nest.versions.js';
import { type GuestErrorCode, TicketError, type TicketErrorCode } from '../../tickets/ticket.errors.js';
import { CrossSiteError } from '../cross-site.js';
import type { SentencesName } from './languages/language.js';

type Exception = new (message: string, options: HttpExceptionOptions) => HttpException;

interface Row {
  /** For an admin, whose route calls the `TicketService`. */
  readonly admin: Exception;
  /** For the guest of a guarded handler; missing: to a guest it is a fault of the app, a 500. */
  readonly guest?: Exception;
  /** The field of the error that has its instant; only holders get such an error. */
  readonly instant?: 'usedAt' | 'expiresAt' | 'revokedAt' | 'claimedAt';
  /** Other fields of the error that an admin is told. */
  readonly fields?: readonly string[];
  /** For the guest. */
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

/** The answers for each error that guests get. */
const GUESTS_ERRORS: Record<GuestErrorCode, Row & { readonly guest: Exception }> = {
  TICKET_MISSING: { guest: UnauthorizedException, admin: BadRequestException, headers: CHALLENGE },
  TICKET_INVALID: { guest: ForbiddenException, admin: BadRequestException },
  TICKET_USED: { guest: ForbiddenException, admin: ConflictException, instant: 'usedAt' },
  TICKET_EXPIRED: { guest: ForbiddenException, admin: ConflictException, instant: 'expiresAt' },
  TICKET_REVOKED: { guest: ForbiddenException, admin: ConflictException, instant: 'revokedAt' },
  // It has an instant only where most likely nobody will end the claim.
  TICKET_BUSY: { guest: ConflictException, admin: ConflictException, instant: 'claimedAt', isPassing: true },
  TICKET_OFFICE_BUSY: {
    guest: ServiceUnavailableException,
    admin: ServiceUnavailableException,
    isPassing: true,
  },
};

/** The answer for each error. One that is missing here is a fault of the app, whoever gets it: a 500. */
const ANSWERS: Partial<Record<TicketErrorCode, Row>> = {
  ...GUESTS_ERRORS,
  TICKET_NOT_FOUND: { admin: NotFoundException },
  TICKET_DUPLICATE: { admin: ConflictException, fields: ['uuid'] },
  TICKET_LOCKED: { admin: ConflictException },
  TICKET_INPUT: { admin: BadRequestException, fields: ['faults', 'index'] },
};

/** An answer of the table to a guest, as an API description tells of it. */
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
  Object.entries(GUESTS_ERRORS).map(([code, row]) => ({
    code: code as GuestErrorCode,
    status: new row.guest('', {}).getStatus(),
    headers: headersOf(row, row.isPassing),
    instant: row.instant,
  }));

const headersOf = ({ headers = {} }: Row, isPassing: boolean | undefined): Record<string, string> =>
  isPassing ? RETRY : headers;

/** An answer in place of the handler's: an exception as JSON, with `errorCode` and the facts of the error, and headers. */
export interface Refusal {
  readonly exception: HttpException;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that refuses a guest: as an exception, or as a page. */
export interface GuestRefusal extends Refusal {
  readonly error: TicketError;
  readonly code: GuestErrorCode;
  readonly instant?: Date;
  /** Which sentences the built-in page has. */
  readonly sentences: SentencesName;
  /** What the built-in page has besides, in answer to a GET. */
  readonly pageHeaders: Readonly<Record<string, string>>;
}

/** How a guest is refused for an error; `undefined` for a fault of the app. */
export function refusalFor(error: unknown): GuestRefusal | undefined {
  const row = error instanceof TicketError ? ANSWERS[error.code] : undefined;
  if (!row?.guest) return undefined;
  const refused = error as TicketError & { readonly code: GuestErrorCode };
  const instant = instantOf(refused, row);
  const isPassing = row.isPassing && !instant;
  return {
    error: refused,
    code: refused.code,
    exception: exceptionFor(row.guest, refused, row),
    instant,
    sentences: sentencesFor(refused, instant),
    headers: headersOf(row, isPassing),
    pageHeaders: isPassing ? RELOAD : {},
  };
}

/** How an admin is refused for an error; `undefined` for a fault of the app. */
export function adminRefusalFor(error: TicketError): Refusal | undefined {
  const row = ANSWERS[error.code];
  if (!row) return undefined;
  const exception = exceptionFor(row.admin, error, row);
  return { exception, headers: row.isPassing && !instantOf(error, row) ? RETRY : {} };
}

function exceptionFor(Exception: Exception, error: TicketError, row: Row): HttpException {
  const { fields = [], instant: name } = row;
  const exception = exceptionWithCode(Exception, error.message, error.code, error);
  const told = fields.map((field) => [field, error[field as keyof TicketError]] as const);
  const instant = instantOf(error, row)?.toISOString();
  Object.assign(exception.getResponse(), Object.fromEntries(told), name && instant && { [name]: instant });
  return exception;
}

const instantOf = (error: TicketError, { instant: name }: Row): Date | undefined =>
  name && (error as { readonly [field in typeof name]?: Date })[name];

function sentencesFor(
  error: TicketError & { readonly code: GuestErrorCode },
  instant: Date | undefined,
): SentencesName {
  if (error instanceof CrossSiteError) return 'crossSite';
  return error.code === 'TICKET_BUSY' && instant ? 'unfinished' : error.code;
}
