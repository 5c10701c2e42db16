import { Controller, Get, Injectable, Param } from '@nestjs/common';
import { type RefusalReason, TicketService } from 'nestjs-ticketoffice';

/** How often a ticket's guests were refused by an app, by the reasons. */
export type Refusals = Partial<Record<RefusalReason, number>>;

/** Keeps count of refusals. */
@Injectable()
export class Tally {
  private readonly refusals = new Map<string, Refusals>();

  constructor(tickets: TicketService) {
    tickets.events$.subscribe((event) => {
      if (event.type === 'refused' && event.uuid !== null) this.note(event.uuid, event.reason);
    });
  }

  note(uuid: string, reason: RefusalReason): void {
    const found = this.of(uuid);
    this.refusals.set(uuid, { ...found, [reason]: (found[reason] ?? 0) + 1 });
  }

  of(uuid: string): Refusals {
    return this.refusals.get(uuid) ?? {};
  }
}

/** `GET /refusals/<uuid>` */
@Controller()
export class TallyController {
  constructor(private readonly tally: Tally) {}

  @Get('refusals/:uuid')
  refusals(@Param('uuid') uuid: string): Refusals {
    return this.tally.of(uuid);
  }
}
