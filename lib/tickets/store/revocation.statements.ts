import type { QueryRunner } from 'typeorm';
import { lockForWriting, RowLock } from '../../database/dialect.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { ticketConditions } from './ticket.conditions.js';
import { mappingOf } from './ticket.mapping.js';
import { namedRows, type NamedTicket, namedTicket } from './ticket.row.js';

/** How many tickets one statement revokes. */
const BATCH = 500;

/** Which tickets: conditions that are joined by AND, and the values of their parameters. */
export interface Selection {
  readonly conditions: readonly string[];
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** The instant in ms, and whether an earlier try with it may have been committed, its answer lost. */
export interface RevocationTry {
  readonly now: number;
  readonly again: boolean;
}

/**
 * Revokes the tickets of a selection that are neither used nor revoked, claimed or not: in the transaction of the query
 * runner, and once other transactions that hold them have ended.
 *
 * @param onRevoked gets the names of each batch
 * @returns how many were revoked
 */
export async function revokeSelection(
  runner: QueryRunner,
  selection: Selection,
  { now, again }: RevocationTry,
  onRevoked?: (tickets: readonly NamedTicket[]) => void,
): Promise<number> {
  const dataSource = dataSourceOf(runner);
  const revocable: Selection = {
    conditions: [...selection.conditions, ticketConditions(dataSource).revocable()],
    parameters: { ...selection.parameters, now, again: Number(again) },
  };
  await lockForWriting(runner, mappingOf(dataSource).tablePath);
  let count = 0;
  for (let batch: NamedTicket[] | undefined; !batch || batch.length === BATCH;) {
    batch = await lock(runner, revocable, batch?.at(-1)?.uuid);
    if (batch.length > 0) count += await revoke(runner, revocable, batch);
    onRevoked?.(batch);
  }
  return count;
}

/** The next batch, which nobody else can change until the transaction ends. */
async function lock(
  runner: QueryRunner,
  { conditions, parameters }: Selection,
  after: string | undefined,
): Promise<NamedTicket[]> {
  const dataSource = dataSourceOf(runner);
  const { column } = ticketConditions(dataSource);
  const page = after === undefined ? conditions : [...conditions, `${column('uuid')} > :after`];
  const query = namedRows(dataSource, runner)
    .where(page.join(' AND '), { ...parameters, after })
    .orderBy('ticket.uuid')
    .limit(BATCH);
  const records = await new RowLock(dataSource).held(query).getRawMany<Record<string, unknown>>();
  return records.map(namedTicket);
}

/** Repeats the conditions: without a lock that holds, a ticket may have been used since. */
async function revoke(
  runner: QueryRunner,
  { conditions, parameters }: Selection,
  tickets: readonly NamedTicket[],
): Promise<number> {
  const uuids = tickets.map(({ uuid }) => uuid);
  const dataSource = dataSourceOf(runner);
  const update = dataSource
    .createQueryBuilder()
    .update(mappingOf(dataSource).entity)
    .set({ revokedAt: () => ':now' })
    .where(['uuid IN (:...uuids)', ...conditions].join(' AND '), { ...parameters, uuids });
  const { affected } = await runner.query(...update.getQueryAndParameters(), true);
  return affected ?? 0;
}
