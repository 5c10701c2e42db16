import type { NextFunction, Request, Response } from 'express';

const POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Pages load nothing from elsewhere, run no inline scripts, and cannot be framed. */
export function securityHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set(HEADERS);
  next();
}

/** Swagger UI has styles, and pictures, in its page; its scripts are files like all others. */
export function allowSwaggerUi(_request: Request, response: Response, next: NextFunction): void {
  response.set(
    'Content-Security-Policy',
    `${POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:`,
  );
  next();
}
