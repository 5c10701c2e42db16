import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { from, lastValueFrom, type Observable, of, toArray } from 'rxjs';
import type { Claim } from '../tickets/claim.js';
import { TicketService } from '../tickets/ticket.service.js';
import { Answers } from './answers.js';
import { type GuestRequest, invitationOf, requestOf } from './guest-request.js';
import { stampWithoutInvitation } from './stamp-wiring.js';

/**
 * Uses the admitted ticket up: claims it, runs the handler, pipes included, and stamps it before the answer is sent.
 * A handler that throws, or sets a status of 400 or more, leaves the ticket as it was. Holds nothing between requests.
 */
@Injectable()
export class StampInvitation implements NestInterceptor {
  private readonly logger = new Logger(StampInvitation.name);

  constructor(
    protected readonly tickets: TicketService,
    protected readonly answers: Answers,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const request = requestOf(context);
    const ticket = invitationOf(request);
    if (!ticket) throw stampWithoutInvitation(context.getClass().name, context.getHandler().name);
    if (this.isInert(request)) return of(undefined);
    const response = context.switchToHttp().getResponse<{ statusCode: number }>();
    const claim = await this.answered(request, response, () => this.tickets.claim(ticket));
    const values = await this.run(claim, next);
    if (response.statusCode >= 400) await this.release(claim);
    else await this.answered(request, response, () => claim.stamp());
    return from(values);
  }

  /** Requests that only look (RFC 9110, section 9.3): Express and Fastify route HEAD to the handler of GET. */
  protected isInert(request: GuestRequest): boolean {
    return request.method === 'HEAD' || request.method === 'OPTIONS';
  }

  // Awaited, not piped: whoever stops listening (a client that hangs up, a time-out around this interceptor) cannot
  // part the handler from its stamp. All values are waited for, so that a stream of several gets one stamp.
  private async run(claim: Claim, next: CallHandler<unknown>): Promise<unknown[]> {
    try {
      return await lastValueFrom(next.handle().pipe(toArray()));
    } catch (error) {
      await this.release(claim);
      throw error;
    }
  }

  /** A ticket that cannot be given back stays closed; the guest is told what went wrong first. */
  private async release(claim: Claim): Promise<void> {
    await claim.release().catch((error: unknown) => {
      this.logger.error(`Ticket ${claim.ticket.uuid} could not be released: it stays claimed`, error);
    });
  }

  private async answered<T>(request: GuestRequest, response: unknown, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw await this.answers.refuse(request, response, error);
    }
  }
}
