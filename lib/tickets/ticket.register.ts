import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { canonicalUuid } from './credentials.js';
import { TicketEvents } from './events/ticket.events.js';
import type { ListInput } from './list.input.js';
import { persistently } from './table/persistently.js';
import { ticketConditions } from './table/ticket.conditions.js';
import { TicketDatabase } from './table/ticket.database.js';
import { statusConditions } from './table/ticket.filter.js';
import { rowOf, ticketOf, wholeRow } from './table/ticket.row.js';
import { TicketStore } from './table/ticket.store.js';
import type { Ticket } from './ticket.entity.js';
import { TicketSettings } from './ticket.settings.js';

const DEFAULT_LIMIT = 100;

/** The tickets that were issued: finds, lists, withdraws and reopens them. */
@Injectable()
export class TicketRegister {
  constructor(
    private readonly store: TicketStore,
    private readonly database: TicketDatabase,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  async find<T>(uuid: string): Promise<Ticket<T> | null> {
    const row = await this.store.load(uuid);
    return row ? ticketOf<T>(row) : null;
  }

  revoke(uuid: string, manager?: EntityManager): Promise<boolean> {
    const revoke = () => this.store.win('revoke', { uuid, now: this.settings.now().getTime() }, manager);
    return this.told('revoked', uuid, revoke, manager);
  }

  reopen(uuid: string, manager?: EntityManager): Promise<boolean> {
    return this.told('reopened', uuid, () => this.store.win('reopen', { uuid }, manager), manager);
  }

  /** Asks where the ticket admits, for who listens: before the deed, which then stands whatever happens. */
  private async told(
    type: 'revoked' | 'reopened',
    uuid: string,
    deed: () => Promise<boolean>,
    manager?: EntityManager,
  ): Promise<boolean> {
    const row = this.events.isHeard ? await this.store.load(uuid, manager) : undefined;
    const isDone = await deed();
    if (row && isDone) this.events.tell(type, row, manager);
    return isDone;
  }

  /** In the order of their uuids, which is that of their issue. */
  async list<T>(input: ListInput): Promise<Ticket<T>[]> {
    const query = async (runner: QueryRunner) => {
      const records = await this.query(input, runner).getRawMany<Record<string, unknown>>();
      return records.map((record) => ticketOf<T>(rowOf(record, runner.dataSource)));
    };
    return persistently(() => this.database.using('read', undefined, query), { isRepeatable: true });
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
  const conditions = ticketConditions(dataSource);
  const given = (['place', 'purpose', 'subject'] as const).filter((name) => texts[name] !== undefined);
  return [
    ...given.map(conditions.exactly),
    ...(status === undefined ? [] : [statusConditions(conditions)[status]]),
    // Of nothing, too: a condition that always holds.
    after === undefined ? conditions.some('uuid') : `${conditions.column('uuid')} > :uuid`,
  ];
}
