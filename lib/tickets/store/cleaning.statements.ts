import {
  type DataSource,
  type ObjectLiteral,
  type QueryResult,
  type QueryRunner,
  type SelectQueryBuilder,
} from 'typeorm';
import {
  deleteFree,
  deleteHastily,
  type Deletion,
  returnsDeleted,
  withoutWaitingForDisk,
} from '../../database/deletion.js';
import { pairCondition } from '../../database/dialect.js';
import { isLockNotAvailable } from '../../database/driver.error.js';
import type { TicketFilter } from '../input/filter.input.js';
import type { Ticket, TicketEnd } from '../ticket.entity.js';
import { deletable, endOf, type Sweep } from './cleaning.sweeps.js';
import {
  filterConditions,
  filterParameters,
  type TicketConditions,
  ticketConditions,
} from './ticket.conditions.js';
import { wholeRow } from './ticket.row.js';

/** In ms since 1970. */
export interface Instants {
  readonly now: number;
  /** Tickets that were over then are deleted. */
  readonly before: number;
  /** Claims from before it count as abandoned. */
  readonly abandoned: number;
}

/** Where a row stands in the index of a sweep; the instant as the driver returned it, since it may be beyond numbers. */
export interface Position {
  readonly instant: number | string;
  readonly uuid: string;
}

/** The rows of a sweep after a position, up to another one. */
interface Slice {
  readonly after: Position | undefined;
  readonly upTo: Position;
  /** Those of its rows that count alone. */
  readonly uuids?: readonly string[];
}

/** Those of a slice that ended in these ways. */
export interface Batch extends Slice {
  readonly sweep: Sweep;
  readonly ends: readonly TicketEnd[];
}

/** How many were deleted, by their status. */
export type DeletedCounts = Record<TicketEnd, number>;

/** The statements that find tickets that are over, and delete them: made for one call of `clean()`. */
export class OverTickets {
  private readonly conditions: TicketConditions;

  constructor(
    private readonly dataSource: DataSource,
    private readonly filter: TicketFilter,
    private readonly instants: Instants,
  ) {
    this.conditions = ticketConditions(dataSource);
  }

  /** The next slice of a sweep, of at most so many rows; `undefined` when there is none left. */
  async next(
    sweep: Sweep,
    after: Position | undefined,
    most: number,
    runner: QueryRunner,
  ): Promise<Slice | undefined> {
    const { column } = this.conditions;
    const next = wholeRow(this.dataSource, runner)
      .select(column(sweep.by), 'instant')
      .addSelect(column('uuid'), 'uuid')
      .where(this.where(sweep, { after }), this.parameters({ after }))
      .orderBy(column(sweep.by))
      .addOrderBy(column('uuid'))
      .limit(most);
    const rows = await (sweep.isSparse ? next : this.lastOf(next, runner)).getRawMany<Position>();
    const upTo = rows.at(-1);
    return upTo && { after, upTo, ...(sweep.isSparse && { uuids: rows.map(({ uuid }) => uuid) }) };
  }

  private lastOf(rows: SelectQueryBuilder<Ticket>, runner: QueryRunner): SelectQueryBuilder<ObjectLiteral> {
    return this.dataSource
      .createQueryBuilder(runner)
      .select(['instant', 'uuid'])
      .from<ObjectLiteral>(`(${rows.getQuery()})`, 'next')
      .setParameters(rows.getParameters())
      .orderBy('instant', 'DESC')
      .addOrderBy('uuid', 'DESC')
      .limit(1)
      .cache(false);
  }

  /** The batches of a slice: as few as the database can count by status. */
  batches(sweep: Sweep, slice: Slice): Batch[] {
    const groups = returnsDeleted(this.dataSource) ? [sweep.ends] : sweep.ends.map((end) => [end]);
    return groups.map((ends) => Object.assign({ sweep, ends }, slice));
  }

  /** The uuids of a batch. */
  async uuids({ sweep, ends, uuids, ...slice }: Batch, runner: QueryRunner): Promise<readonly string[]> {
    if (uuids) return uuids;
    const found = await wholeRow(this.dataSource, runner)
      .select(this.conditions.column('uuid'), 'uuid')
      .where(this.where(sweep, slice, ends), this.parameters(slice))
      .getRawMany<{ uuid: string }>();
    return found.map(({ uuid }) => uuid);
  }

  /**
   * Deletes a batch; repeats its conditions, since some of its tickets may be claimed by now. Leaves those that a
   * transaction holds to the next run: it would wait for as long as that takes, with all that comes after.
   */
  async delete({ sweep, ends, uuids, ...range }: Batch, runner: QueryRunner): Promise<DeletedCounts> {
    const { conditions, dataSource } = this;
    const slice = uuids ? {} : range;
    const named = uuids ? [`${conditions.column('uuid')} IN (:...uuids)`] : [];
    const condition = [this.where(sweep, slice, ends), ...named].join(' AND ');
    const parameters = { ...this.parameters(slice), uuids };
    const counts = { used: 0, revoked: 0, expired: 0 };
    if (!returnsDeleted(dataSource)) {
      counts[ends[0]!] = (await this.send(condition, parameters, '', runner)).affected ?? 0;
      return counts;
    }
    // Rows that come back after a crash of the server are deleted by the next run.
    const returning = ` RETURNING ${endOf(conditions)} AS "end"${withoutWaitingForDisk(dataSource)}`;
    const { records } = await this.send(condition, parameters, returning, runner);
    for (const { end } of records as { end: TicketEnd }[]) counts[end] += 1;
    return counts;
  }

  /** Deletes all, which is twice as fast where no transaction holds one of them; else those that are free. */
  private async send(
    condition: string,
    parameters: ObjectLiteral,
    returning: string,
    runner: QueryRunner,
  ): Promise<QueryResult> {
    const { conditions, dataSource } = this;
    const uuid = conditions.column('uuid');
    const rows = wholeRow(dataSource, runner).select(uuid).where(condition, parameters);
    const hasty = deleteHastily(rows, condition);
    const deletion = hasty ?? deleteFree(rows, uuid, condition);
    const send = ([sql, values]: Deletion): Promise<QueryResult> =>
      runner.query(sql + returning, [...values], true);
    return send(deletion).catch((error: unknown) => {
      if (!hasty || !isLockNotAvailable(error)) throw error;
      return send(deleteFree(rows, uuid, condition));
    });
  }

  private where({ by, where }: Sweep, { after, upTo }: Partial<Slice>, ends?: readonly TicketEnd[]): string {
    const { conditions, dataSource } = this;
    const key = [conditions.column(by), conditions.column('uuid')] as const;
    return [
      ...where(conditions),
      ...filterConditions(this.filter, dataSource),
      ...(after ? [pairCondition(key, '>', [':afterInstant', ':afterUuid'], dataSource)] : []),
      ...(upTo ? [pairCondition(key, '<=', [':lastInstant', ':lastUuid'], dataSource)] : []),
      ...(ends ? [`(${ends.map((end) => deletable(end, conditions)).join(' OR ')})`] : []),
    ].join(' AND ');
  }

  private parameters({ after, upTo }: Partial<Slice>): Record<string, unknown> {
    return {
      ...this.instants,
      ...filterParameters(this.filter),
      ...(after && { afterInstant: after.instant, afterUuid: after.uuid }),
      ...(upTo && { lastInstant: upTo.instant, lastUuid: upTo.uuid }),
    };
  }
}
