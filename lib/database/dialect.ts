import type { DataSource, SelectQueryBuilder } from 'typeorm';

/** Whether a data source speaks to MariaDB or MySQL, which TypeORM has two names and one driver for. */
export const isMySql = ({ options }: DataSource): boolean => ['mysql', 'mariadb'].includes(options.type);

/**
 * How a statement is told not to wait for a transaction that holds its row: whoever waits keeps a connection from
 * everybody else, and would wait for itself when the work of that transaction waits for the answer. SQLite has no locks
 * on rows (see `sqlite.connections.ts`).
 */
export class RowLock {
  /** The lock that an UPDATE takes; on PostgreSQL, the one that foreign keys to the row do not conflict with. */
  private readonly clause: string | undefined;

  constructor(dataSource: DataSource) {
    this.clause = CLAUSES[dataSource.options.type];
  }

  /** The condition of an UPDATE that names its row, and overlooks it when it is taken. */
  named(key: string, parameter: string, table: string): string {
    const named = `${key} = ${parameter}`;
    if (!this.clause) return named;
    const free = `SELECT ${key} FROM ${table} WHERE ${named} ${this.clause} SKIP LOCKED`;
    // Once more around it: MySQL reads no table directly that it updates.
    return `${key} = (SELECT ${key} FROM (${free}) free)`;
  }

  /** Makes a SELECT fail on a row that is taken, rather than read what it was before. */
  settled<T extends object>(select: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.clause ? select.setLock('pessimistic_write').setOnLocked('nowait') : select;
  }
}

const CLAUSES: Partial<Record<string, string>> = {
  postgres: 'FOR NO KEY UPDATE',
  mysql: 'FOR UPDATE',
  mariadb: 'FOR UPDATE',
};
