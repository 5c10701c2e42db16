import { Injectable } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import { dataSourceOf } from '../database/typeorm.internals.js';
import { canonicalUuid } from './credentials.js';
import { DEFAULT_LIMIT, type ListInput } from './input/list.input.js';
import { ticketConditions } from './store/ticket.conditions.js';
import { filterConditions, filterParameters } from './store/ticket.filter.js';
import { ticketOf, wholeRow } from './store/ticket.row.js';
import { TicketStore } from './store/ticket.store.js';
import type { Ticket } from './ticket.entity.js';
import { TicketSettings } from './ticket.settings.js';

/** Finds and lists tickets. */
@Injectable()
export class TicketFinder {
  constructor(
    private readonly store: TicketStore,
    private readonly settings: TicketSettings,
  ) {}

  async find<T>(uuid: string): Promise<Ticket<T> | null> {
    const row = await this.store.load(uuid);
    return row ? ticketOf<T>(row) : null;
  }

  /** Ordered by uuid, and so by time of issue. */
  async list<T>({ limit = DEFAULT_LIMIT, ...input }: ListInput): Promise<Ticket<T>[]> {
    for (let most = limit; ;) {
      const rows = await this.store.select((runner) => this.query(input, most, runner));
      // No call could name a ticket without a uuid, nor go on after it: others take its place on the page.
      const named = rows.filter(({ uuid }) => canonicalUuid(uuid) === uuid);
      if (named.length >= limit || rows.length < most)
        return named.slice(0, limit).map((row) => ticketOf<T>(row));
      most = limit + rows.length - named.length;
    }
  }

  private query({ after, ...fields }: ListInput, most: number, runner: QueryRunner) {
    const dataSource = dataSourceOf(runner);
    const { now, maxAttempts } = this.settings;
    const uuid = after && canonicalUuid(after);
    const parameters = { ...filterParameters(fields), uuid, now: now().getTime(), most: maxAttempts };
    return wholeRow(dataSource, runner)
      .where(conditionsOf({ after, ...fields }, dataSource).join(' AND '), parameters)
      .orderBy('ticket.uuid')
      .limit(most);
  }
}

function conditionsOf({ after, status, ...filter }: ListInput, dataSource: DataSource): string[] {
  const { hasStatus, some, column } = ticketConditions(dataSource);
  return [
    ...filterConditions(filter, dataSource),
    ...(status === undefined ? [] : [hasStatus(status)]),
    // A condition that always holds, for a list without any filter.
    after === undefined ? some('uuid') : `${column('uuid')} > :uuid`,
  ];
}
