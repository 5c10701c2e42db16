import { type ArgumentsHost, Catch, HttpException, type WsExceptionFilter } from '@nestjs/common';
import type { WebSocket } from 'ws';

@Catch(HttpException)
export class RefusalFilter implements WsExceptionFilter<HttpException> {
  catch(refusal: HttpException, host: ArgumentsHost): void {
    const client = host.switchToWs().getClient<WebSocket>();
    client.send(JSON.stringify({ event: 'exception', data: refusal.getResponse() }));
  }
}
