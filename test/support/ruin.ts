import { Ticket } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';

/** What can be written into a column, where its database lets it. */
export type Garbage = string | number | Buffer | null;

const tableOf = (dataSource: DataSource): string => dataSource.getMetadata(Ticket).tableName;

/** Takes NOT NULL off all columns but the key: a table that was restored or written by hand may be without it. */
export async function allowNulls(dataSource: DataSource): Promise<void> {
  const table = tableOf(dataSource);
  const query = <T = unknown>(sql: string) => dataSource.query<T>(sql);
  if (dataSource.options.type === 'better-sqlite3') {
    const [{ sql }] = await query<[{ sql: string }]>(`SELECT sql FROM sqlite_master WHERE name = '${table}'`);
    await query(`DROP TABLE ${table}`);
    await query(sql.replaceAll(' NOT NULL', ''));
    return;
  }
  const columns = await query<{ name: string; type: string }[]>(
    dataSource.options.type === 'mariadb'
      ? `SELECT column_name AS name, column_type AS type FROM information_schema.columns
          WHERE table_schema = DATABASE() AND table_name = '${table}'`
      : `SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = '${table}'`,
  );
  for (const { name, type } of columns.filter((column) => column.name !== 'uuid')) {
    await query(
      dataSource.options.type === 'mariadb'
        ? `ALTER TABLE ${table} MODIFY ${name} ${type} NULL`
        : `ALTER TABLE ${table} ALTER COLUMN "${name}" DROP NOT NULL`,
    );
  }
}

/** Writes into one column of a row behind the library's back; `false`: the database did not take it as it is. */
export async function ruin(
  dataSource: DataSource,
  uuid: string,
  column: string,
  value: Garbage,
): Promise<boolean> {
  const escape = (name: string) => dataSource.driver.escape(name);
  const [first, second] = dataSource.options.type === 'postgres' ? ['$1', '$2'] : ['?', '?'];
  const table = escape(tableOf(dataSource));
  const update = `UPDATE ${table} SET ${escape(column)} = ${first} WHERE uuid = ${second}`;
  const isTaken = await dataSource.query(update, [value, uuid]).then(
    () => true,
    () => false,
  );
  if (!isTaken || column === 'uuid') return isTaken;
  const select = `SELECT ${escape(column)} AS stored FROM ${table} WHERE uuid = ${first}`;
  const [{ stored }] = await dataSource.query<[{ stored: Garbage }]>(select, [uuid]);
  return isSame(stored, value);
}

const isSame = (stored: Garbage, value: Garbage): boolean =>
  Buffer.isBuffer(stored) === Buffer.isBuffer(value) &&
  // A driver may hand a number over as text, or with fewer digits.
  (String(stored) === String(value) || Number(stored) === Number(value));
