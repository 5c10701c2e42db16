import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { dataSourceOf } from '../database/typeorm.internals.js';
import { TicketEvents } from './events/ticket.events.js';
import type { TicketFilter } from './input/filter.input.js';
import { TicketDatabase } from './store/ticket.database.js';
import { filterConditions, filterParameters } from './store/ticket.filter.js';
import { revokeSelection } from './store/revocation.statements.js';
import type { NamedTicket } from './store/ticket.row.js';
import { TicketSettings } from './ticket.settings.js';

/** Revokes all tickets of a filter, in one transaction. */
@Injectable()
export class TicketRevoker {
  constructor(
    private readonly database: TicketDatabase,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  async revokeAll(filter: TicketFilter, manager?: EntityManager): Promise<number> {
    this.database.assertTransaction('revokeAll()', manager);
    const now = this.settings.now().getTime();
    let revoked: NamedTicket[] = [];
    const keep = (tickets: readonly NamedTicket[]) => {
      if (this.events.hasSubscribers) revoked.push(...tickets);
    };
    const count = await this.database.transact(
      (runner, _, again) => {
        // An earlier try was rolled back, or is found again.
        revoked = [];
        const conditions = filterConditions(filter, dataSourceOf(runner));
        const selection = { conditions, parameters: filterParameters(filter) };
        return revokeSelection(runner, selection, { now, again }, keep);
      },
      manager,
      { idempotent: true },
    );
    for (const ticket of revoked) this.events.emit('revoked', ticket, manager);
    return count;
  }
}
