import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { from, lastValueFrom, Observable, of } from 'rxjs';
import { nodeResponseOf, responseOf } from '../../../lib/invitations/guest-request.js';
import { invitationOf } from '../../../lib/invitations/invitation.context.js';

const statusOf = (context: ExecutionContext) => (responseOf(context) as { statusCode: number }).statusCode;
const nodeResponse = (context: ExecutionContext) => nodeResponseOf(responseOf(context));

/** A deliberately naive stamp: claims well, and then stamps whatever has not thrown when it returns. */
@Injectable()
export class StampAtReturn implements NestInterceptor {
  constructor(protected readonly tickets: TicketService) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const claim = await this.tickets.claim(invitationOf(context)!);
    let value: unknown;
    try {
      value = await lastValueFrom(next.handle());
    } catch (error) {
      await claim.release();
      throw error;
    }
    await (this.hasFailed(context, value) ? claim.release() : claim.stamp());
    return of(value);
  }

  protected hasFailed(_context: ExecutionContext, _value: unknown): boolean {
    return false;
  }
}

/** A deliberately naive stamp: goes by the status that the answer has in the end, set by the handler or not. */
@Injectable()
export class StampByStatus extends StampAtReturn {
  protected override hasFailed(context: ExecutionContext): boolean {
    return statusOf(context) >= 400;
  }
}

/** A deliberately naive stamp: the status counts, as long as the answer is not out; a `Response` of the web has another. */
@Injectable()
export class StampDeafToResponse extends StampAtReturn {
  protected override hasFailed(context: ExecutionContext): boolean {
    return !nodeResponse(context).headersSent && statusOf(context) >= 400;
  }
}

/** A deliberately naive stamp: takes an answer that is out for the handler's own. */
@Injectable()
export class StampByHeadersSent extends StampAtReturn {
  protected override hasFailed(context: ExecutionContext): boolean {
    return nodeResponse(context).headersSent && statusOf(context) >= 400;
  }
}

/** A deliberately naive stamp: gives the ticket back when nobody waits for the answer any more. */
@Injectable()
export class ReleaseForNobody extends StampAtReturn {
  override async intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    const claim = await this.tickets.claim(invitationOf(context)!);
    let isOver = false;
    const over = async (write: () => Promise<void>) => {
      if (isOver) return;
      isOver = true;
      await write();
    };
    const release = () => over(() => claim.release());
    nodeResponse(context).once('close', () => void release());
    return new Observable<unknown>((guest) => {
      const done = lastValueFrom(next.handle()).then(async (value) => {
        await over(() => claim.stamp());
        return value;
      });
      from(done).subscribe(guest);
      return () => void release();
    });
  }
}

/** A deliberately naive stamp: stamps first, and never gives back. */
@Injectable()
export class StampAtOnce extends StampAtReturn {
  override async intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    const claim = await this.tickets.claim(invitationOf(context)!);
    await claim.stamp();
    return next.handle();
  }
}
