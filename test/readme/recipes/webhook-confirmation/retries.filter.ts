import { type ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { TicketUsedError } from 'nestjs-ticketoffice';

interface Reply {
  status(code: number): { send(body: unknown): void };
}

/** A third party that has not heard the answer to its call sends it again, until it hears a 2xx. */
@Catch(HttpException)
export class RetriesFilter extends BaseExceptionFilter {
  override catch(exception: HttpException, host: ArgumentsHost) {
    // Only with the right secret is it told that the ticket is used: then the result is stored.
    if (!(exception.cause instanceof TicketUsedError)) return super.catch(exception, host);
    host.switchToHttp().getResponse<Reply>().status(200).send({ received: true });
  }
}
