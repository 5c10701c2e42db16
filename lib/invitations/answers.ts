import {
  BadRequestException,
  ConflictException,
  ForbiddenException,
  type HttpException,
  type HttpExceptionOptions,
  HttpStatus,
  Injectable,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import Negotiator from 'negotiator';
import { TicketError, type TicketErrorCode } from '../tickets/ticket.errors.js';
import type { GuestRequest } from './guest-request.js';
import { DirectAnswer } from './direct-answer.filter.js';
import { InvitationSettings } from './invitation.settings.js';
import { type PageName, renderPage } from './pages.js';

type Exception = new (message: string, options: HttpExceptionOptions) => HttpException;
interface Answer {
  readonly exception: Exception;
  readonly page: PageName;
  readonly headers?: Record<string, string>;
}

/** In s: a handler that holds a ticket is usually done by then. */
const RETRY = { 'Retry-After': '1' };

/** What a guest is answered for each error. What is not here is no answer to a guest but a fault of the app: a 500. */
const ANSWERS: Partial<Record<TicketErrorCode, Answer>> = {
  TICKET_MISSING: {
    exception: UnauthorizedException,
    page: 'unauthorized',
    headers: { 'WWW-Authenticate': 'Ticket' },
  },
  TICKET_INVALID: { exception: ForbiddenException, page: 'forbidden' },
  TICKET_USED: { exception: ForbiddenException, page: 'forbidden' },
  TICKET_EXPIRED: { exception: ForbiddenException, page: 'forbidden' },
  TICKET_REVOKED: { exception: ForbiddenException, page: 'forbidden' },
  TICKET_BUSY: { exception: ConflictException, page: 'forbidden', headers: RETRY },
  TICKET_OFFICE_BUSY: { exception: ServiceUnavailableException, page: 'forbidden', headers: RETRY },
};

/** Turns the ticket office's errors into answers to the guest: a page for a browser, JSON for everybody else. */
@Injectable()
export class Answers {
  constructor(
    private readonly settings: InvitationSettings,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** Keeps what a guest sees out of caches, and its address out of `Referer`: for each request that is guarded. */
  keepPrivate(response: unknown): void {
    this.set(response, { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  }

  /** What to throw so that the guest is sent to the clean URL (303 See Other). */
  seeOther(response: unknown, location: string): HttpException {
    this.set(response, { Location: location });
    return new DirectAnswer('', 'See Other', HttpStatus.SEE_OTHER);
  }

  /** What to throw for a request whose address, less the credentials, a browser could read as another host's. */
  refuseAddress(): HttpException {
    return new BadRequestException('The address of this request cannot be redirected to.');
  }

  /** What to throw in a context that has no HTTP request, and so no place for credentials. */
  refuseContext(): HttpException {
    return new ForbiddenException('Tickets admit to HTTP handlers only.', { errorCode: 'TICKET_INVALID' });
  }

  /** What to throw so that the guest is answered; the error itself when it is none of the guest's. */
  async refuse(request: GuestRequest, response: unknown, error: unknown): Promise<unknown> {
    const answer = error instanceof TicketError ? ANSWERS[error.code] : undefined;
    if (!answer) return error;
    const { code, message } = error as TicketError;
    const exception = new answer.exception(message, { errorCode: code, cause: error });
    // Too late to tell the guest: to try would but hide the error from the app's filters.
    if (this.adapterHost.httpAdapter.isHeadersSent(response)) return exception;
    this.append(response, answer.headers ?? {});
    const { pages } = this.settings;
    if (pages === false || !prefersHtml(request)) return exception;
    const status = exception.getStatus();
    const { html, policy } = await renderPage({ status, code, message }, pages[answer.page]);
    this.append(response, { 'Content-Security-Policy': policy, 'X-Robots-Tag': 'noindex' });
    return new DirectAnswer(html, exception.getResponse(), status, error as TicketError);
  }

  /** Beside what the app has set: of two policies, both hold; of two challenges, the client chooses. */
  private append(response: unknown, headers: Record<string, string>): void {
    for (const [name, value] of Object.entries(headers))
      this.adapterHost.httpAdapter.appendHeader(response, name, value);
  }

  private set(response: unknown, headers: Record<string, string>): void {
    for (const [name, value] of Object.entries(headers))
      this.adapterHost.httpAdapter.setHeader(response, name, value);
  }
}

const prefersHtml = (request: GuestRequest): boolean =>
  new Negotiator(request).mediaType(['application/json', 'text/html']) === 'text/html';
