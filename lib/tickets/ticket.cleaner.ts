import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { type DataSource, In, type QueryRunner } from 'typeorm';
import { isProtectedRow } from '../database/protected-row.js';
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
  private readonly logger = new Logger('TicketOffice');
  private hasLogged = false;

  constructor(
    private readonly database: TicketDatabase,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  async clean(input: CleanInput): Promise<CleanedCounts> {
    const counts = new Counts();
    try {
      await this.cleanInBatches(input, counts);
    } finally {
      // After an error, too: what was deleted stays deleted.
      this.events.emitCleaned(counts.soFar());
    }
    return counts.soFar();
  }

  private async cleanInBatches(
    { before, batchSize = DEFAULT_BATCH, signal, onProgress }: CleanInput,
    counts: Counts,
  ): Promise<void> {
    const now = this.settings.now();
    const instants: Instants = {
      // A ticket that will be over at an instant in the future is still valid.
      before: Math.min((before ?? now).getTime(), now.getTime()),
      abandoned: abandonedUntil(this.settings, now),
    };
    for (const end of TICKET_END_NAMES) {
      let batch: string[] = [];
      do {
        signal?.throwIfAborted();
        // After the last one: a ticket that could not be deleted is not found again.
        const after = batch.at(-1) ?? '';
        batch = await this.database.run('read', (runner) => find(runner, end, instants, after, batchSize));
        await this.deleteBatch(end, instants, batch, counts, signal);
        await onProgress?.(counts.soFar());
      } while (batch.length === batchSize);
    }
  }

  /** Deletes in one statement; where the app protects some of the tickets, in halves, down to each one of these. */
  private async deleteBatch(
    end: TicketEnd,
    instants: Instants,
    uuids: readonly string[],
    counts: Counts,
    signal?: AbortSignal,
  ): Promise<void> {
    if (uuids.length === 0) return;
    // SQLite's driver is synchronous: without a turn between the statements, the process would do nothing else meanwhile.
    await nextTurn();
    signal?.throwIfAborted();
    try {
      // Not idempotent: rows whose count was lost cannot be counted again.
      counts.deleted[end] += await this.database.run('write', (runner) =>
        remove(runner, end, instants, uuids),
      );
    } catch (error) {
      if (!isProtectedRow(error)) throw error;
      if (uuids.length === 1) return this.leave(uuids[0]!, counts, error);
      const half = Math.ceil(uuids.length / 2);
      await this.deleteBatch(end, instants, uuids.slice(0, half), counts, signal);
      await this.deleteBatch(end, instants, uuids.slice(half), counts, signal);
    }
  }

  private leave(uuid: string, counts: Counts, error: unknown): void {
    counts.referenced += 1;
    if (this.hasLogged) return;
    this.hasLogged = true;
    const { message } = error as Error;
    this.logger.warn(
      `clean() cannot delete ticket ${uuid}, nor others like it: rows of the app refer to it, or a trigger keeps it (${message}). Write ON DELETE SET NULL or CASCADE there, or delete what refers to it first. This is logged once; clean() counts them as referenced`,
    );
  }
}

class Counts {
  readonly deleted: Record<TicketEnd, number> = { used: 0, revoked: 0, expired: 0 };
  referenced = 0;

  /** A copy, which its reader may change. */
  soFar(): CleanedCounts {
    const { deleted, referenced } = this;
    return referenced > 0 ? { ...deleted, referenced } : { ...deleted };
  }
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
  after: string,
  most: number,
): Promise<string[]> {
  const dataSource = dataSourceOf(runner);
  const found = await wholeRow(dataSource, runner)
    .select('ticket.uuid', 'uuid')
    .where(conditionOf(end, dataSource), instants)
    .andWhere('ticket.uuid > :after', { after })
    .orderBy('ticket.uuid')
    .limit(most)
    .getRawMany<{ uuid: string }>();
  return found.map(({ uuid }) => uuid);
}

/** Repeats the condition: some of these tickets may be claimed by now, or deleted by another cleaner. */
async function remove(
  runner: QueryRunner,
  end: TicketEnd,
  instants: Instants,
  uuids: readonly string[],
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
