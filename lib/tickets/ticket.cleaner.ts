import { Injectable } from '@nestjs/common';
import { type DataSource, In, type QueryRunner } from 'typeorm';
import { dataSourceOf } from '../database/typeorm.internals.js';
import { TicketEvents } from './events/ticket.events.js';
import { type CleanedCounts, type CleanInput, DEFAULT_BATCH } from './input/clean.input.js';
import { ticketConditions } from './store/ticket.conditions.js';
import { TicketDatabase } from './store/ticket.database.js';
import { wholeRow } from './store/ticket.row.js';
import { Ticket, TICKET_END_NAMES, type TicketEnd } from './ticket.entity.js';
import { abandonedUntil, TicketSettings } from './ticket.settings.js';

/** Deletes tickets that are over, in batches, while the app keeps running. */
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
      // After an error, too: what was deleted stays deleted.
      this.events.emitCleaned({ ...counts });
    }
    return counts;
  }

  private async cleanInBatches(
    { before, batchSize = DEFAULT_BATCH, signal, onProgress }: CleanInput,
    counts: Record<TicketEnd, number>,
  ): Promise<void> {
    const now = this.settings.now();
    const instants: Instants = {
      // A ticket that will be over at an instant in the future is still valid.
      before: Math.min((before ?? now).getTime(), now.getTime()),
      abandoned: abandonedUntil(this.settings, now),
    };
    for (const end of TICKET_END_NAMES) {
      for (let found = batchSize; found === batchSize;) {
        signal?.throwIfAborted();
        const batch = await this.deleteBatch(end, instants, batchSize);
        counts[end] += batch.deleted;
        found = batch.found;
        await onProgress?.({ ...counts });
      }
    }
  }

  private async deleteBatch(end: TicketEnd, instants: Instants, size: number): Promise<Batch> {
    const uuids = await this.database.run('read', (runner) => find(runner, end, instants, size));
    if (uuids.length === 0) return { found: 0, deleted: 0 };
    // Not idempotent: rows whose count was lost cannot be counted again.
    const deleted = await this.database.run('write', (runner) => remove(runner, end, instants, uuids));
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

async function find(
  runner: QueryRunner,
  end: TicketEnd,
  instants: Instants,
  most: number,
): Promise<string[]> {
  const dataSource = dataSourceOf(runner);
  const found = await wholeRow(dataSource, runner)
    .select('ticket.uuid', 'uuid')
    .where(conditionOf(end, dataSource), instants)
    .limit(most)
    .getRawMany<{ uuid: string }>();
  return found.map(({ uuid }) => uuid);
}

/** Repeats the condition: some of these tickets may be claimed by now, or deleted by another cleaner. */
async function remove(
  runner: QueryRunner,
  end: TicketEnd,
  instants: Instants,
  uuids: string[],
): Promise<number> {
  const { affected } = await runner.manager
    .createQueryBuilder()
    .delete()
    .from(Ticket)
    .where({ uuid: In(uuids) })
    .andWhere(conditionOf(end, dataSourceOf(runner)), { ...instants })
    .execute();
  return affected ?? 0;
}

/** Over since `:before` or earlier, and held by no claim: its stamp would be lost with the row. None holds a used one. */
function conditionOf(end: TicketEnd, dataSource: DataSource): string {
  const { overBefore, unclaimed } = ticketConditions(dataSource);
  return end === 'used' ? overBefore(end) : `${overBefore(end)} AND ${unclaimed()}`;
}
