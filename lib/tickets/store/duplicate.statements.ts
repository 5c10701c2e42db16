import type { DataSource, QueryRunner } from 'typeorm';
import { isMySql, RowLock } from '../../database/dialect.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { filterConditions, filterParameters, ticketConditions } from './ticket.conditions.js';
import { mappingOf } from './ticket.mapping.js';
import type { Selection } from './revocation.statements.js';
import { namedRows, type NamedTicket, namedTicket } from './ticket.row.js';

/** The ticket of which others may be duplicates. */
export type Original = NamedTicket & { readonly subject: string };

/** The other tickets of its place, purpose and subject that are valid. */
export function othersLike(original: Original, now: number, dataSource: DataSource): Selection {
  const { place, purpose, subject, uuid } = original;
  const filter = { place, purpose, subject };
  const { hasStatus, column } = ticketConditions(dataSource);
  return {
    conditions: [
      ...filterConditions(filter, dataSource),
      hasStatus('valid'),
      `${column('uuid')} <> :original`,
    ],
    parameters: { ...filterParameters(filter), now, original: uuid },
  };
}

/**
 * The uuid of the oldest valid duplicate, as the last commit left it.
 *
 * @param isOfApp whether it is the app's transaction, whose level may be REPEATABLE READ
 */
export async function findDuplicate(
  runner: QueryRunner,
  original: Original,
  now: number,
  isOfApp: boolean,
): Promise<string | undefined> {
  const dataSource = dataSourceOf(runner);
  const { conditions, parameters } = othersLike(original, now, dataSource);
  const query = namedRows(dataSource, runner)
    .where(conditions.join(' AND '), parameters)
    .orderBy('ticket.uuid')
    .limit(1);
  // Under REPEATABLE READ of MariaDB and MySQL, their usual level, only a SELECT that locks sees that.
  const latest = isOfApp && isMySql(dataSource) ? new RowLock(dataSource).held(query) : query;
  const [record] = await latest.getRawMany<Record<string, unknown>>();
  return record && namedTicket(record).uuid;
}

/** Deletes what this transaction has just written. */
export async function withdraw(runner: QueryRunner, { uuid }: Original): Promise<void> {
  const { column } = ticketConditions(dataSourceOf(runner));
  const remove = dataSourceOf(runner)
    .createQueryBuilder()
    .delete()
    .from(mappingOf(dataSourceOf(runner)).entity);
  const query = remove.where(`${column('uuid')} = :uuid`, { uuid });
  await runner.query(...query.getQueryAndParameters());
}
