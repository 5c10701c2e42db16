import { type ArgumentsHost, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { headersOf } from '../../nest.versions.js';
import { TicketError } from '../../tickets/ticket.errors.js';
import { nodeResponseOf } from '../guest-request.js';
import { addHeaders } from './answer-headers.js';
import { adminRefusalFor } from './answer.table.js';
import { answerMessage, isOfMessages } from './message.answer.js';
import { PLATFORM_REPLY } from './platform.reply.js';

/**
 * Answers the errors of the `TicketService` on the app's own routes, such as those of its admins, in place of a 500, as JSON
 * with the `errorCode`:
 *
 * - 404 for a ticket that is not there (`TICKET_NOT_FOUND`);
 * - 409 for one that does not allow it: `TICKET_DUPLICATE` (with the `uuid` of the one that stands), `TICKET_LOCKED`,
 *   `TICKET_USED`, `TICKET_EXPIRED`, `TICKET_REVOKED` (with the instant), `TICKET_BUSY` (with `Retry-After`);
 * - 400 for what was sent: `TICKET_INPUT` (with `faults`), and credentials that are wrong (`TICKET_INVALID`) or
 *   missing (`TICKET_MISSING`);
 * - 503 while the database or the hashing is overloaded (`TICKET_OFFICE_BUSY`, with `Retry-After`).
 *
 * Never 401 or 403: the admin is logged in, and may do this. `TicketOfficeConfigurationError` stays a 500, which is logged.
 * What guests get of guarded handlers stays as it is; of these it answers only the errors that are none of a guest's.
 *
 * For HTTP handlers, and for GraphQL resolvers, which get the same as an `HttpException`. The callers of microservices and
 * WebSocket gateways get the JSON as Nest sends them errors: as the error of the call, or by the event `exception`.
 *
 * @example
 * ```ts
 * @Controller('admin/tickets')
 * @UseFilters(TicketErrorsFilter)
 * class TicketsController {}
 * ```
 * @example
 * ```ts
 * app.useGlobalFilters(new TicketErrorsFilter(app.getHttpAdapter()));
 * // or among the providers of a module
 * { provide: APP_FILTER, useClass: TicketErrorsFilter }
 * ```
 */
@Catch(TicketError)
export class TicketErrorsFilter extends BaseExceptionFilter<TicketError> {
  override catch(thrown: TicketError, host: ArgumentsHost): Observable<never> | void {
    const { exception = thrown, headers = {} } = adminRefusalFor(thrown) ?? {};
    if (isOfMessages(host)) return answerMessage(exception, host);
    if (host.getType() !== 'http') throw exception;
    const adapter = this.applicationRef ?? this.httpAdapterHost?.httpAdapter;
    const response: unknown = host.switchToHttp().getResponse();
    // Nest gives an adapter only to the filters that it makes itself; and that of Nest 11 for Fastify does not see what was
    // written to Node's response.
    if (!adapter || (adapter !== PLATFORM_REPLY && nodeResponseOf(response).headersSent))
      return new TicketErrorsFilter(PLATFORM_REPLY).catch(thrown, host);
    if (!adapter.isHeadersSent?.(response)) addHeaders(headersOf(adapter, response), headers);
    super.catch(exception as TicketError, host);
  }
}
