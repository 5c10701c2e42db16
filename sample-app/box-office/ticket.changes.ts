import { Injectable, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import { TicketService } from 'nestjs-ticketoffice';
import { auditTime, map, type Observable, Subject, takeUntil } from 'rxjs';

/** In ms: what happens together is told once. */
const TOGETHER = 200;

/** Tells browsers that the list has changed: what is on it, they ask for themselves. */
@Injectable()
export class TicketChanges implements OnModuleDestroy {
  private readonly closing = new Subject<void>();
  readonly stream: Observable<MessageEvent>;

  constructor(tickets: TicketService) {
    this.stream = tickets.events$.pipe(
      auditTime(TOGETHER),
      map(() => ({ data: 'changed' })),
      takeUntil(this.closing),
    );
  }

  /** Else the browsers that look on would keep the museum from closing. */
  onModuleDestroy(): void {
    this.closing.next();
  }
}
