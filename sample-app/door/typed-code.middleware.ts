import type { NextFunction, Request, Response } from 'express';

/** What people put between digits, as the code is shown to them in groups: spaces and hyphens, of any kind. */
const BETWEEN = /[\s\p{Dash}]/gu;

/** Has the guard see a typed code without what stands between its digits, or a good code would count as a wrong guess. */
export function typedCode(request: Request, _response: Response, next: NextFunction): void {
  const { password } = Object(request.body) as { password?: unknown };
  if (typeof password === 'string')
    request.body = { ...request.body, password: password.replaceAll(BETWEEN, '') };
  next();
}
