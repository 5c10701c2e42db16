import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { headersOf } from '../../nest.versions.js';
import { addHeaders } from './answer-headers.js';

/**
 * An answer to a guest that is no JSON error: a page, or the redirect to the clean URL. The app's filters, which may
 * catch it first, get an ordinary `HttpException`.
 */
export class DirectAnswer extends HttpException {
  /** @param headers set only when it is sent: an interceptor of the app may recover from it, or a filter answer otherwise */
  constructor(
    readonly html: string,
    body: string | object,
    status: number,
    readonly headers: Readonly<Record<string, string>> = {},
    cause?: Error,
  ) {
    super(body, status, { cause });
  }
}

/** Sends a {@link DirectAnswer}. */
@Injectable()
@Catch(DirectAnswer)
export class DirectAnswerFilter implements ExceptionFilter<DirectAnswer> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(answer: DirectAnswer, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const response: unknown = host.switchToHttp().getResponse();
    httpAdapter.setHeader(response, 'Content-Type', 'text/html; charset=utf-8');
    addHeaders(headersOf(httpAdapter, response), answer.headers);
    httpAdapter.reply(response, answer.html, answer.getStatus());
  }
}
