import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { isPostgres } from './dialect.js';
import { driverErrorOf } from './fault.js';
import { namedQuery } from './typeorm.internals.js';

/**
 * SQL that PostgreSQL parses and plans once for each connection, which saves a fifth of a redemption. The other drivers
 * prepare by themselves (SQLite), or gain nothing (MariaDB).
 */
export class PreparedSql {
  private readonly name: string | undefined;
  private isLost = false;

  constructor(
    readonly text: string,
    dataSource: DataSource,
  ) {
    this.name = isPostgres(dataSource)
      ? `ticket-office-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
      : undefined;
  }

  /** The query that has it prepared. */
  toSend(): string {
    return this.name === undefined || this.isLost ? this.text : namedQuery(this.text, this.name);
  }

  /** Whether the statement failed only because it was prepared, so that nothing ran. Afterwards it is sent as text. */
  lost(error: unknown): boolean {
    if (this.name === undefined || this.isLost || !isPreparationError(error)) return false;
    this.isLost = true;
    return true;
  }
}

/**
 * 26000, 42P05: the connection does not have the statement, or has it already: a pooler gives each transaction another
 * connection (PgBouncer before 1.21). 0A000: the table has changed since (a migration).
 */
function isPreparationError(error: unknown): boolean {
  const { code, message } = driverErrorOf(error);
  return (
    code === '26000' || code === '42P05' || (code === '0A000' && String(message).startsWith('cached plan'))
  );
}
