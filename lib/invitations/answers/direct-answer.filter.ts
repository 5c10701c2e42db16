import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/**
 * An answer to a guest that is no JSON error: a page, or the redirect to the clean URL. The app's filters, which may
 * catch it first, get an ordinary `HttpException`.
 */
export class DirectAnswer extends HttpException {
  constructor(
    readonly html: string,
    body: string | object,
    status: number,
    cause?: Error,
  ) {
    super(body, status, { cause });
  }
}

/** Sends a {@link DirectAnswer}, whose headers are set already. */
@Injectable()
@Catch(DirectAnswer)
export class DirectAnswerFilter implements ExceptionFilter<DirectAnswer> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(answer: DirectAnswer, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const response: unknown = host.switchToHttp().getResponse();
    httpAdapter.setHeader(response, 'Content-Type', 'text/html; charset=utf-8');
    httpAdapter.reply(response, answer.html, answer.getStatus());
  }
}
