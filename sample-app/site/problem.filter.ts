import { STATUS_CODES } from 'node:http';
import {
  type ArgumentsHost,
  Catch,
  ForbiddenException,
  HttpException,
  HttpStatus,
  Logger,
  ServiceUnavailableException,
} from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { ThrottlerException } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { FormError } from './form.error.js';

/** Errors of this app in its own look for browsers, as JSON for everything else. */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  override catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    // Too late to answer: it can but be logged.
    if (response.headersSent) return this.answer(thrown, host);
    const exception = asAnswer(thrown);
    if (thrown instanceof TicketOfficeBusyError) response.set('Retry-After', '5');
    if (http.getRequest<Request>().accepts(['json', 'html']) !== 'html') this.answer(exception, host);
    else if (exception instanceof FormError)
      response.status(exception.getStatus()).render(exception.view, exception.locals);
    else this.render(exception, response);
  }

  private answer(exception: unknown, host: ArgumentsHost): void {
    // oxlint-disable-next-line promise/valid-params -- a filter's catch, not a promise's
    super.catch(exception, host);
  }

  private render(exception: unknown, response: Response): void {
    const status = this.statusOf(exception);
    if (status >= 500) this.logger.error(exception);
    // The page may stand where a link's secret is: it is kept out of caches, and its address out of `Referer`.
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    const wait = exception instanceof ThrottlerException && response.get('Retry-After');
    const reason = STATUS_CODES[status];
    response
      .status(status)
      .render('problem', { status, reason, lost: status === 404, wait, told: toldOf(exception) });
  }

  private statusOf(exception: unknown): number {
    if (exception instanceof HttpException) return exception.getStatus();
    return this.isHttpError(exception) ? exception.statusCode : HttpStatus.INTERNAL_SERVER_ERROR;
  }
}

/** What lets a guest in by ticket, the library answers for; the box office asks for none. */
const asAnswer = (thrown: unknown): unknown =>
  thrown instanceof TicketOfficeBusyError
    ? new ServiceUnavailableException(thrown.message, { cause: thrown })
    : thrown;

/** What is meant for people: Nest's own message for 404, say, repeats the address, secrets and all. */
const toldOf = (exception: unknown): string | undefined =>
  exception instanceof ForbiddenException || exception instanceof ServiceUnavailableException
    ? exception.message
    : undefined;
