import { Injectable } from '@nestjs/common';
import type { QueryRunner, SelectQueryBuilder } from 'typeorm';
import { isCanonicalUuid } from '../database/dialect.js';
import { dataSourceOf } from '../database/typeorm.internals.js';
import { canonicalUuid } from './credentials.js';
import type { CountInput } from './input/count.input.js';
import { DEFAULT_LIMIT, type ListInput } from './input/list.input.js';
import { ownSelection } from './store/own-columns.conditions.js';
import {
  filterConditions,
  filterParameters,
  statusCondition,
  ticketConditions,
} from './store/ticket.conditions.js';
import { ticketOf, wholeRow } from './store/ticket.row.js';
import { TicketStore } from './store/ticket.store.js';
import type { Ticket } from './ticket.entity.js';
import { inspectionOf, type TicketInspection } from './ticket.inspection.js';
import { TicketSettings } from './ticket.settings.js';

/** Finds, lists and counts tickets. */
@Injectable()
export class TicketFinder {
  constructor(
    private readonly store: TicketStore,
    private readonly settings: TicketSettings,
  ) {}

  check(): Promise<void> {
    return this.store.check();
  }

  async find<T>(uuid: string): Promise<Ticket<T> | null> {
    const row = await this.store.load(uuid);
    return row ? ticketOf<T>(row) : null;
  }

  async inspect<T>(uuid: string): Promise<TicketInspection<T> | null> {
    const row = await this.store.load(uuid);
    return row ? inspectionOf<T>(row, this.settings) : null;
  }

  /** Ordered by uuid, and so by time of issue. */
  async list<T>({ limit = DEFAULT_LIMIT, ...input }: ListInput): Promise<Ticket<T>[]> {
    for (let most = limit; ;) {
      const rows = await this.store.select((runner) => this.page(input, most, runner));
      // No call could name a ticket without a uuid, nor go on after it: others take its place on the page.
      const named = rows.filter(({ uuid }) => canonicalUuid(uuid) === uuid);
      if (named.length >= limit || rows.length < most)
        return named.slice(0, limit).map((row) => ticketOf<T>(row));
      most = limit + rows.length - named.length;
    }
  }

  /** Counts what pages of {@link list} have together. */
  count(input: CountInput): Promise<number> {
    return this.store.count((runner) => {
      const dataSource = dataSourceOf(runner);
      const uuid = ticketConditions(dataSource).column('uuid');
      return this.matching(input, runner).andWhere(isCanonicalUuid(uuid, dataSource));
    });
  }

  private page({ order, after, ...filter }: ListInput, most: number, runner: QueryRunner) {
    const query = this.matching(filter, runner)
      .orderBy('ticket.uuid', order === 'newest' ? 'DESC' : 'ASC')
      .limit(most);
    if (after === undefined) return query;
    const beyond = `ticket.uuid ${order === 'newest' ? '<' : '>'} :after`;
    return query.andWhere(beyond, { after: canonicalUuid(after) });
  }

  private matching({ status, ...filter }: CountInput, runner: QueryRunner): SelectQueryBuilder<Ticket> {
    const dataSource = dataSourceOf(runner);
    const { now, maxAttempts } = this.settings;
    const own = ownSelection(filter, dataSource);
    const conditions = [
      // A condition that holds for all that can be listed, for a list without any filter.
      ticketConditions(dataSource).some('uuid'),
      ...filterConditions(filter, dataSource),
      ...own.conditions,
      ...(status === undefined ? [] : [statusCondition(status, dataSource)]),
    ];
    const known = { ...filterParameters(filter), ...own.parameters };
    const parameters = { ...known, now: now().getTime(), most: maxAttempts };
    return wholeRow(dataSource, runner).where(conditions.join(' AND '), parameters);
  }
}
