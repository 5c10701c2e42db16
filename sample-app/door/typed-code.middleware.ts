import type { NextFunction, Request, Response } from 'express';

/** The code is shown in groups, so people type spaces or hyphens, of any kind, between the digits. */
const SEPARATORS = /[\s\p{Dash}]/gu;

/** Removes separators before the guard reads the code: otherwise a right code would count as a wrong guess. */
export function typedCode(request: Request, _response: Response, next: NextFunction): void {
  const { password } = Object(request.body) as { password?: unknown };
  if (typeof password === 'string')
    request.body = { ...request.body, password: password.replaceAll(SEPARATORS, '') };
  next();
}
