import mysql from 'mysql2/promise';
import pg from 'pg';

export type ServerType = 'postgres' | 'mariadb';

/** Runs one statement on its own connection, so that no pool outlives the caller. */
export function execute(type: ServerType, url: string, statement: string, connectTimeoutMs = 10_000) {
  return type === 'postgres'
    ? executeOnPostgres(url, statement, connectTimeoutMs)
    : executeOnMariadb(url, statement, connectTimeoutMs);
}

async function executeOnPostgres(
  url: string,
  statement: string,
  connectTimeoutMs: number,
): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } finally {
    // A connection that failed has nothing to end, and its error is the one worth seeing.
    await client.end().catch(() => undefined);
  }
}

async function executeOnMariadb(
  url: string,
  statement: string,
  connectTimeoutMs: number,
): Promise<unknown[]> {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: connectTimeoutMs });
  try {
    const [rows] = await connection.query(statement);
    return Array.isArray(rows) ? rows : [];
  } finally {
    await connection.end();
  }
}
