import { createRequire } from 'node:module';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { Connection } from './databases.js';

/** What is used of better-sqlite3, which has no types. */
type BetterSqlite3 = new (file: string) => {
  pragma(text: string): unknown;
  prepare(sql: string): { run(...values: unknown[]): unknown; get(): unknown };
  close(): unknown;
};
const BetterSqlite3 = createRequire(import.meta.url)('better-sqlite3') as BetterSqlite3;

/** A row as the table has it, without what is NULL in all new ones. */
export type Row = readonly (string | number)[];

export const COLUMNS = [
  'uuid',
  'place',
  'purpose',
  'subject',
  'data',
  'createdAt',
  'expiresAt',
  'verifier',
  'generation',
  'attempts',
];

/** The same rows written by hand, through the bare driver. */
export interface ByHand {
  insert(rows: readonly Row[]): Promise<void>;
  count(): Promise<number>;
  close(): Promise<void>;
}

const COUNT = 'SELECT count(*) AS tickets FROM ticket_office_ticket';

const insertInto = (count: number, quote: string, parameter: (index: number) => string): string => {
  const row = (number: number) =>
    `(${COLUMNS.map((_, column) => parameter(number * COLUMNS.length + column + 1)).join(', ')})`;
  const names = COLUMNS.map((name) => `${quote}${name}${quote}`).join(', ');
  return `INSERT INTO ticket_office_ticket (${names}) VALUES ${Array.from({ length: count }, (_, number) => row(number)).join(', ')}`;
};

/** @param size of each batch: the statement is prepared for it, where the driver gains by that */
export async function openByHand(connection: Connection, size: number): Promise<ByHand> {
  if (connection.type === 'better-sqlite3') return onSqlite(connection.database, size);
  return connection.type === 'postgres'
    ? onPostgres(connection.url, size)
    : onMariadb(connection.url.replace(/^mariadb/, 'mysql'), size);
}

async function onPostgres(connectionString: string, size: number): Promise<ByHand> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const text = insertInto(size, '"', (index) => `$${index}`);
  return {
    insert: async (rows) => void (await client.query({ name: 'by-hand', text, values: rows.flat() })),
    count: async () => Number((await client.query<{ tickets: string }>(COUNT)).rows[0]!.tickets),
    close: () => client.end(),
  };
}

async function onMariadb(url: string, size: number): Promise<ByHand> {
  const client = await mysql.createConnection(url);
  const sql = insertInto(size, '`', () => '?');
  return {
    insert: async (rows) => void (await client.query(sql, rows.flat())),
    count: async () => ((await client.query(COUNT))[0] as { tickets: number }[])[0]!.tickets,
    close: () => client.end(),
  };
}

async function onSqlite(file: string, size: number): Promise<ByHand> {
  const database = new BetterSqlite3(file);
  // As durable as the library's own connection.
  database.pragma('synchronous = FULL');
  const insert = database.prepare(insertInto(size, '"', () => '?'));
  return {
    insert: async (rows) => void insert.run(...rows.flat()),
    count: async () => (database.prepare(COUNT).get() as { tickets: number }).tickets,
    close: async () => void database.close(),
  };
}
