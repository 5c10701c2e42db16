import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { redactedUrl } from './redacted-url.js';

const logger = new Logger('Access');

/** One line for each request: method, URL without secrets, status, time taken. Headers and bodies are never logged. */
export function accessLog({ method, originalUrl }: Request, response: Response, next: NextFunction): void {
  const begun = performance.now();
  response.once('close', () => {
    const outcome = response.writableFinished ? response.statusCode : 'unanswered';
    const ms = Math.round(performance.now() - begun);
    logger.log(`${method} ${redactedUrl(originalUrl)} ${outcome} ${ms} ms`);
  });
  next();
}
