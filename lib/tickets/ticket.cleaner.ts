import { Injectable } from '@nestjs/common';
import { type DataSource, In, type QueryRunner } from 'typeorm';
import { abandonedUntil, TicketSettings } from './ticket.settings.js';
import type { CleanedCounts, CleanInput } from './input/clean.input.js';
import { TicketEvents } from './events/ticket.events.js';
import { withRetries, TicketDatabase } from './store/ticket.database.js';
import { ticketConditions } from './store/ticket.conditions.js';
import { wholeRow } from './store/ticket.row.js';
import { Ticket } from './ticket.entity.js';

type End = keyof CleanedCounts;
const ENDS: readonly End[] = ['used', 'revoked', 'expired'];
const DEFAULT_BATCH = 500;

/** Deletes tickets that are over, in batches, while the app goes on. */
@Injectable()
export class TicketCleaner {
  constructor(
    private readonly database: TicketDatabase,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  async clean(input: CleanInput): Promise<CleanedCounts> {
    const counts = { used: 0, revoked: 0, expired: 0 };
    try {
      await this.cleanInBatches(input, counts);
    } finally {
      // What is deleted stays deleted, whatever has ended it.
      this.events.emitCleaned({ ...counts });
    }
    return counts;
  }

  private async cleanInBatches(
    { before, batchSize = DEFAULT_BATCH, signal, onProgress }: CleanInput,
    counts: Record<End, number>,
  ): Promise<void> {
    const now = this.settings.now();
    const instants: Instants = {
      // What will be over then is not over yet.
      before: Math.min((before ?? now).getTime(), now.getTime()),
      abandoned: abandonedUntil(this.settings, now),
    };
    for (const end of ENDS) {
      for (let found = batchSize; found === batchSize;) {
        signal?.throwIfAborted();
        const batch = await this.deleteBatch(end, instants, batchSize);
        counts[end] += batch.deleted;
        found = batch.found;
        await onProgress?.({ ...counts });
      }
    }
  }

  private async deleteBatch(end: End, instants: Instants, size: number): Promise<Batch> {
    const uuids = await withRetries(
      () => this.database.withConnection('read', undefined, (runner) => find(runner, end, instants, size)),
      { idempotent: true },
    );
    if (uuids.length === 0) return { found: 0, deleted: 0 };
    const deleted = await withRetries(
      () =>
        this.database.withConnection('write', undefined, (runner) => remove(runner, end, instants, uuids)),
      // Whose count was lost could only be counted wrong.
      { idempotent: false },
    );
    return { found: uuids.length, deleted };
  }
}

interface Batch {
  readonly found: number;
  readonly deleted: number;
}

/** In ms since 1970. */
interface Instants {
  readonly before: number;
  readonly abandoned: number;
}

async function find(runner: QueryRunner, end: End, instants: Instants, most: number): Promise<string[]> {
  const found = await wholeRow(runner.dataSource, runner)
    .select('ticket.uuid', 'uuid')
    .where(conditionOf(end, runner.dataSource), instants)
    .limit(most)
    .getRawMany<{ uuid: string }>();
  return found.map(({ uuid }) => uuid);
}

/** Asks again: of those that were found, some may be claimed by now, and some deleted by another cleaner. */
async function remove(runner: QueryRunner, end: End, instants: Instants, uuids: string[]): Promise<number> {
  const { affected } = await runner.manager
    .createQueryBuilder()
    .delete()
    .from(Ticket)
    .where({ uuid: In(uuids) })
    .andWhere(conditionOf(end, runner.dataSource), { ...instants })
    .execute();
  return affected ?? 0;
}

/** Over since `:before` or earlier; and held by no claim, whose stamp would be lost with it. */
function conditionOf(end: End, dataSource: DataSource): string {
  const { column, none, unclaimed } = ticketConditions(dataSource);
  const since = (name: 'usedAt' | 'revokedAt' | 'expiresAt') => `${column(name)} <= :before`;
  switch (end) {
    case 'used':
      return since('usedAt');
    case 'revoked':
      return `${none('usedAt')} AND ${since('revokedAt')} AND ${unclaimed()}`;
    case 'expired':
      return `${none('usedAt')} AND ${none('revokedAt')} AND ${since('expiresAt')} AND ${unclaimed()}`;
  }
}
