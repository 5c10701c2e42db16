import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, HttpException, HttpStatus, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { ThrottlerException } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { FormError } from './form.error.js';

/** Errors of this app in its own look for browsers, as JSON for everything else. */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  override catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const wantsPage = http.getRequest<Request>().accepts(['json', 'html']) === 'html';
    // oxlint-disable-next-line promise/valid-params -- a filter's catch, not a promise's
    if (response.headersSent || !wantsPage) return super.catch(exception, host);
    if (exception instanceof FormError) {
      response.status(exception.getStatus()).render(exception.view, exception.locals);
      return;
    }
    this.render(exception, response);
  }

  private render(exception: unknown, response: Response): void {
    const status = this.statusOf(exception);
    if (status >= 500) this.logger.error(exception);
    // The page may stand where a link's secret is: it is kept out of caches, and its address out of `Referer`.
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    const wait = exception instanceof ThrottlerException && response.get('Retry-After');
    const reason = STATUS_CODES[status];
    response.status(status).render('problem', { status, reason, lost: status === 404, wait });
  }

  private statusOf(exception: unknown): number {
    if (exception instanceof HttpException) return exception.getStatus();
    return this.isHttpError(exception) ? exception.statusCode : HttpStatus.INTERNAL_SERVER_ERROR;
  }
}
