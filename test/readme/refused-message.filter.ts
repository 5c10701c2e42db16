import { Catch, HttpException, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

@Catch(HttpException)
export class RefusedMessageFilter implements RpcExceptionFilter<HttpException> {
  catch(refusal: HttpException): Observable<never> {
    return throwError(() => refusal.getResponse());
  }
}
