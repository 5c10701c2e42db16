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

/** Errors of this app: a page in its own look for browsers, JSON for other clients. */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  override catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    // Too late to respond: log it only.
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
    // The page's URL may hold a link's secret: keep the page out of caches, and its URL out of `Referer`.
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    const wait = exception instanceof ThrottlerException && response.get('Retry-After');
    const reason = STATUS_CODES[status];
    const message = messageOf(exception);
    response.status(status).render('problem', { status, reason, isUnknown: status === 404, wait, message });
  }

  private statusOf(exception: unknown): number {
    if (exception instanceof HttpException) return exception.getStatus();
    return this.isHttpError(exception) ? exception.statusCode : HttpStatus.INTERNAL_SERVER_ERROR;
  }
}

/** The library does this for its guarded routes; the box office requires no ticket. */
const asAnswer = (thrown: unknown): unknown =>
  thrown instanceof TicketOfficeBusyError
    ? new ServiceUnavailableException(thrown.message, { cause: thrown })
    : thrown;

/** Only messages written for people: Nest's own for 404, for example, repeats the URL, secrets included. */
const messageOf = (exception: unknown): string | undefined =>
  exception instanceof ForbiddenException || exception instanceof ServiceUnavailableException
    ? exception.message
    : undefined;
