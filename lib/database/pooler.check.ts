import type { QueryRunner } from 'typeorm';
import { isMySql, isPostgres } from './dialect.js';
import { dataSourceOf } from './typeorm.internals.js';

/**
 * Whether a pooler, such as PgBouncer or ProxySQL, stands between this process and its database: it greets each client
 * as a server does, with a number of its own for the session, and the server behind it knows another one.
 *
 * @returns `undefined` where the driver does not tell, or the database is a file
 */
export async function seesPooler(queryRunner: QueryRunner): Promise<boolean | undefined> {
  const greeted = numberIn(await queryRunner.connect());
  const sql = sessionSql(queryRunner);
  if (greeted === undefined || sql === undefined) return undefined;
  const [row] = (await queryRunner.query(sql)) as [{ session: unknown }];
  return Number(row.session) !== greeted;
}

function sessionSql(queryRunner: QueryRunner): string | undefined {
  const dataSource = dataSourceOf(queryRunner);
  if (isPostgres(dataSource)) return 'SELECT pg_backend_pid() AS "session"';
  return isMySql(dataSource) ? 'SELECT CONNECTION_ID() AS `session`' : undefined;
}

/** pg has it as `processID`, mysql2 as `threadId`. */
function numberIn(connection: unknown): number | undefined {
  const { processID, threadId } = Object(connection) as { processID?: unknown; threadId?: unknown };
  return [processID, threadId].find((number) => typeof number === 'number');
}
