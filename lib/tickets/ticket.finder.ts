import { Injectable } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import { canonicalUuid } from './credentials.js';
import { DEFAULT_LIMIT, type ListInput } from './input/list.input.js';
import { ticketConditions } from './store/ticket.conditions.js';
import { TicketDatabase } from './store/ticket.database.js';
import { rowOf, ticketOf, wholeRow } from './store/ticket.row.js';
import { TicketStore } from './store/ticket.store.js';
import type { Ticket } from './ticket.entity.js';
import { TicketSettings } from './ticket.settings.js';

/** Finds and lists tickets. */
@Injectable()
export class TicketFinder {
  constructor(
    private readonly store: TicketStore,
    private readonly database: TicketDatabase,
    private readonly settings: TicketSettings,
  ) {}

  async find<T>(uuid: string): Promise<Ticket<T> | null> {
    const row = await this.store.load(uuid);
    return row ? ticketOf<T>(row) : null;
  }

  /** Ordered by uuid, and so by time of issue. */
  list<T>(input: ListInput): Promise<Ticket<T>[]> {
    return this.database.run('read', async (runner) => {
      const records = await this.query(input, runner).getRawMany<Record<string, unknown>>();
      return records.map((record) => ticketOf<T>(rowOf(record, runner.dataSource)));
    });
  }

  private query({ after, limit, ...fields }: ListInput, runner: QueryRunner) {
    const { dataSource } = runner;
    const { now, maxAttempts: most } = this.settings;
    const parameters = { ...fields, uuid: after && canonicalUuid(after), now: now().getTime(), most };
    return wholeRow(dataSource, runner)
      .where(conditionsOf({ after, ...fields }, dataSource).join(' AND '), parameters)
      .orderBy('ticket.uuid')
      .limit(limit ?? DEFAULT_LIMIT);
  }
}

function conditionsOf({ after, status, ...texts }: ListInput, dataSource: DataSource): string[] {
  const { exactly, hasStatus, some, column } = ticketConditions(dataSource);
  const given = (['place', 'purpose', 'subject'] as const).filter((name) => texts[name] !== undefined);
  return [
    ...given.map(exactly),
    ...(status === undefined ? [] : [hasStatus(status)]),
    // A condition that always holds, for a list without any filter.
    after === undefined ? some('uuid') : `${column('uuid')} > :uuid`,
  ];
}
