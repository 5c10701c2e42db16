import { Injectable, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { auditTime, map, type Observable, Subject, takeUntil } from 'rxjs';

/** In ms: at most one message in this time. */
const INTERVAL = 200;

/** Tells browsers that the list has changed; they fetch it themselves. */
@Injectable()
export class TicketChanges implements OnModuleDestroy {
  private readonly closing = new Subject<void>();
  readonly stream: Observable<MessageEvent>;

  constructor(tickets: TicketService) {
    this.stream = tickets.events$.pipe(
      auditTime(INTERVAL),
      map(() => ({ data: 'changed' })),
      takeUntil(this.closing),
    );
  }

  /** Otherwise open streams would keep the server from closing. */
  onModuleDestroy(): void {
    this.closing.next();
  }
}
