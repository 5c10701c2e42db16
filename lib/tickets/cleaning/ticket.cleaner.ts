import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { isProtectedRow } from '../../database/constraint.error.js';
import { Claims } from '../claims/claims.js';
import { cleaningSettings } from './cleaning.settings.js';
import { TicketEvents } from '../events/ticket.events.js';
import type { CleanedCounts, CleanInput } from '../input/clean.input.js';
import { type Batch, type DeletedCounts, OverTickets, type Position } from '../store/cleaning.statements.js';
import { SWEEPS } from '../store/cleaning.sweeps.js';
import { TicketDatabase } from '../store/ticket.database.js';
import { TICKET_END_NAMES } from '../ticket.entity.js';
import { abandonedUntil, TicketSettings } from '../ticket.settings.js';

/** In ms: no batch is so slow that the next one should wait for longer. */
const LONGEST_REST = 100;

/** Deletes tickets that are over, in batches, while the app keeps running. */
@Injectable()
export class TicketCleaner {
  private readonly logger = new Logger('TicketOffice');
  private hasLogged = false;

  constructor(
    private readonly database: TicketDatabase,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
    private readonly claims: Claims,
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

  private async cleanInBatches(input: CleanInput, counts: Counts): Promise<void> {
    const { signal, onProgress, batchSize, over } = await this.plan(input);
    for (const sweep of SWEEPS) {
      const find = (after?: Position) =>
        this.database.run('read', (runner) => over.next(sweep, after, batchSize, runner));
      signal?.throwIfAborted();
      for (let slice = await find(); slice;) {
        const start = performance.now();
        // Looked for while this one is deleted.
        const following = find(slice.upTo);
        following.catch(() => undefined);
        for (const batch of over.batches(sweep, slice)) await this.deleteBatch(over, batch, counts, signal);
        await onProgress?.(counts.soFar());
        const next = await following;
        // One beyond what the driver can represent is found again and again.
        slice = next && isSame(next.upTo, slice.upTo) ? undefined : next;
        await this.giveWay(performance.now() - start);
        signal?.throwIfAborted();
      }
    }
  }

  /** Rests as long as it has worked, while guests are served: they wait for the same processors and disks. */
  private async giveWay(worked: number): Promise<void> {
    if (this.claims.areOpen) await wait(Math.min(worked, LONGEST_REST));
  }

  private async plan({ before, batchSize, signal, onProgress, ...filter }: CleanInput) {
    const cleaning = cleaningSettings(this.settings.cleaning);
    const now = this.settings.now();
    const instants = {
      now: now.getTime(),
      // A ticket that will be over at an instant in the future is still valid.
      before: Math.min(before?.getTime() ?? now.getTime() - cleaning.keep, now.getTime()),
      abandoned: abandonedUntil(this.settings, now),
    };
    const { connections } = await this.database.open();
    const over = new OverTickets(connections.dataSource, filter, instants);
    return { signal, onProgress, batchSize: batchSize ?? cleaning.batchSize, over };
  }

  /** Deletes in one statement; where the app protects some of the tickets, in halves, down to each one of these. */
  private async deleteBatch(
    over: OverTickets,
    batch: Batch,
    counts: Counts,
    signal?: AbortSignal,
  ): Promise<void> {
    // SQLite's driver is synchronous: without a turn between the statements, the process would do nothing else meanwhile.
    await nextTurn();
    signal?.throwIfAborted();
    try {
      // Not idempotent: rows whose count was lost cannot be counted again.
      counts.add(await this.database.run('write', (runner) => over.delete(batch, runner)));
    } catch (error) {
      if (!isProtectedRow(error)) throw error;
      const uuids = await this.database.run('read', (runner) => over.uuids(batch, runner));
      if (batch.uuids?.length === 1) return this.leave(uuids[0]!, counts, error);
      const middle = Math.ceil(uuids.length / 2);
      for (const half of [uuids.slice(0, middle), uuids.slice(middle)])
        if (half.length > 0) await this.deleteBatch(over, { ...batch, uuids: half }, counts, signal);
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
  private readonly deleted: DeletedCounts = { used: 0, revoked: 0, expired: 0 };
  referenced = 0;

  add(deleted: DeletedCounts): void {
    for (const end of TICKET_END_NAMES) this.deleted[end] += deleted[end];
  }

  /** A copy, which its reader may change. */
  soFar(): CleanedCounts {
    const { deleted, referenced } = this;
    return referenced > 0 ? { ...deleted, referenced } : { ...deleted };
  }
}

const isSame = (one: Position, other: Position | undefined): boolean =>
  one.instant === other?.instant && one.uuid === other.uuid;
