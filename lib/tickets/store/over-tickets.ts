import { type DataSource, In, type QueryRunner } from 'typeorm';
import { pairCondition } from '../../database/dialect.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import type { TicketFilter } from '../input/filter.input.js';
import { Ticket, type TicketEnd } from '../ticket.entity.js';
import { type StatementColumn, type TicketConditions, ticketConditions } from './ticket.conditions.js';
import { filterConditions, filterParameters } from './ticket.filter.js';
import { wholeRow } from './ticket.row.js';

/** One way through the table, by an index, to tickets that are over. */
interface Sweep {
  readonly by: StatementColumn;
  /** The statuses that tickets on this way have. */
  readonly ends: readonly TicketEnd[];
  /** Excludes tickets that an earlier sweep has met. */
  readonly where: (conditions: TicketConditions) => readonly string[];
}

const reached = ({ column }: TicketConditions, name: StatementColumn): string => `${column(name)} <= :before`;
const notReached = ({ column, none }: TicketConditions, name: StatementColumn): string =>
  `(${none(name)} OR ${column(name)} > :before)`;
const usedSooner = (conditions: TicketConditions): string[] => [
  reached(conditions, 'usedAt'),
  notReached(conditions, 'expiresAt'),
  notReached(conditions, 'revokedAt'),
];

/**
 * In order; together they meet each ticket once that was over at `:before`. No index has the instant of use (see
 * `TICKET_INDEXES`), and a ticket is used after it was issued: so the last two look at all that were issued by then and
 * have not expired. That is little, unless `:before` is so late that most valid tickets were issued before it.
 */
export const SWEEPS: readonly Sweep[] = [
  { by: 'expiresAt', ends: ['used', 'revoked', 'expired'], where: (on) => [reached(on, 'expiresAt')] },
  {
    by: 'revokedAt',
    ends: ['used', 'revoked'],
    where: (on) => [reached(on, 'revokedAt'), notReached(on, 'expiresAt')],
  },
  { by: 'createdAt', ends: ['used'], where: (on) => [reached(on, 'createdAt'), ...usedSooner(on)] },
  // Issued by a clock that was ahead, or by somebody else.
  { by: 'createdAt', ends: ['used'], where: (on) => [`${on.column('createdAt')} > :now`, ...usedSooner(on)] },
];

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
}

/** Those of a slice that ended in one way. */
export interface Batch extends Slice {
  readonly sweep: Sweep;
  readonly end: TicketEnd;
}

/** The statements that find tickets that are over, and delete them: made for one call of `clean()`. */
export class OverTickets {
  constructor(
    private readonly filter: TicketFilter,
    private readonly instants: Instants,
  ) {}

  /** The position of the last of the next rows of a sweep, at most so many; `undefined` when there is none left. */
  async lastOf(
    most: number,
    sweep: Sweep,
    after: Position | undefined,
    runner: QueryRunner,
  ): Promise<Position | undefined> {
    const dataSource = dataSourceOf(runner);
    const { column } = ticketConditions(dataSource);
    const next = wholeRow(dataSource, runner)
      .select(column(sweep.by), 'instant')
      .addSelect(column('uuid'), 'uuid')
      .where(this.where(dataSource, sweep, { after }), this.parameters({ after }))
      .orderBy(column(sweep.by))
      .addOrderBy(column('uuid'))
      .limit(most);
    return dataSource
      .createQueryBuilder(runner)
      .select(['instant', 'uuid'])
      .from(`(${next.getQuery()})`, 'next')
      .setParameters(next.getParameters())
      .orderBy('instant', 'DESC')
      .addOrderBy('uuid', 'DESC')
      .limit(1)
      .cache(false)
      .getRawOne<Position>();
  }

  /** The uuids of those in a slice that ended in this way. */
  async uuids({ sweep, end, ...slice }: Batch, runner: QueryRunner): Promise<string[]> {
    const dataSource = dataSourceOf(runner);
    const found = await wholeRow(dataSource, runner)
      .select(ticketConditions(dataSource).column('uuid'), 'uuid')
      .where(this.where(dataSource, sweep, slice, end), this.parameters(slice))
      .getRawMany<{ uuid: string }>();
    return found.map(({ uuid }) => uuid);
  }

  /** Deletes those in a slice that ended in this way; of `uuids` alone, when they are given. Returns how many. */
  async delete(
    { sweep, end, ...slice }: Batch,
    uuids: readonly string[] | undefined,
    runner: QueryRunner,
  ): Promise<number> {
    const deletion = runner.manager
      .createQueryBuilder()
      .delete()
      .from(Ticket)
      .where(this.where(dataSourceOf(runner), sweep, slice, end), this.parameters(slice));
    if (uuids) deletion.andWhere({ uuid: In(uuids) });
    return (await deletion.execute()).affected ?? 0;
  }

  private where(
    dataSource: DataSource,
    { by, where }: Sweep,
    { after, upTo }: Partial<Slice>,
    end?: TicketEnd,
  ): string {
    const conditions = ticketConditions(dataSource);
    const key = [conditions.column(by), conditions.column('uuid')] as const;
    return [
      ...where(conditions),
      ...filterConditions(this.filter, dataSource),
      ...(after ? [pairCondition(dataSource, key, '>', [':afterInstant', ':afterUuid'])] : []),
      ...(upTo ? [pairCondition(dataSource, key, '<=', [':lastInstant', ':lastUuid'])] : []),
      ...(end ? [endedBy(end, conditions)] : []),
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

/** Of this status, and held by no claim: its stamp would be lost with the row. None holds a used one. */
const endedBy = (end: TicketEnd, { endedIn, unclaimed }: TicketConditions): string =>
  end === 'used' ? endedIn(end) : `${endedIn(end)} AND ${unclaimed()}`;
