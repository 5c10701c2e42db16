import { STATUS_CODES } from 'node:http';
import {
  type ArgumentsHost,
  Catch,
  ForbiddenException,
  HttpException,
  HttpStatus,
  Logger,
} from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { ThrottlerException } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { FormError } from './form.error.js';
import { isForNow, refusedPage } from './refused.page.js';
import { exceptionOf, refusalBy } from './ticket.refusal.js';

/** Errors of this app in its own look for browsers, as JSON for everything else. */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  override catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    // Too late to answer: it can but be logged.
    if (response.headersSent) return this.answer(exception, host);
    const request = http.getRequest<Request>();
    const refusal = refusalBy(exception);
    if (refusal && isForNow(refusal)) response.set('Retry-After', '5');
    if (request.accepts(['json', 'html']) !== 'html')
      return this.answer(refusal ? exceptionOf(refusal) : exception, host);
    if (refusal) response.status(refusal.status).render('refused', refusedPage(refusal, request));
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
    // Nest's own message for 404 repeats the address, secrets and all.
    const told = exception instanceof ForbiddenException && exception.message;
    response.status(status).render('problem', { status, reason, lost: status === 404, wait, told });
  }

  private statusOf(exception: unknown): number {
    if (exception instanceof HttpException) return exception.getStatus();
    return this.isHttpError(exception) ? exception.statusCode : HttpStatus.INTERNAL_SERVER_ERROR;
  }
}
