import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';

interface LoggedIn {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: { readonly id: string };
}

const requestIn = (context: ExecutionContext) => context.switchToHttp().getRequest<LoggedIn>();

/** Stands for an app's log-in, for the whole app: the header names the account. */
@Injectable()
export class LogIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = requestIn(context);
    const id = request.headers['x-account'];
    if (id !== undefined) request.user = { id };
    return true;
  }
}

/** Stands for an app's guard that requires a log-in. */
@Injectable()
export class LoggedInGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (!requestIn(context).user) throw new UnauthorizedException();
    return true;
  }
}

/** Stands for an app's decorator: the id of the account that is logged in, if any. */
export const CurrentAccount = createParamDecorator(
  (_: unknown, context: ExecutionContext) => requestIn(context).user?.id,
);
