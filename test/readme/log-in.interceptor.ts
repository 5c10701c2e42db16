import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { mergeMap, type Observable } from 'rxjs';
import { logIn, type WithSession } from './session.log-in.js';

/** Logs in the account whose id the handler returns: outside of the stamp, it runs after the commit. */
@Injectable()
export class LogIn implements NestInterceptor<string> {
  intercept(context: ExecutionContext, next: CallHandler<string>): Observable<void> {
    const request = context.switchToHttp().getRequest<WithSession>();
    return next.handle().pipe(mergeMap((userId) => logIn(request, userId)));
  }
}
