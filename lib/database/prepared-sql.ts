import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { isPostgres } from './dialect.js';
import { driverErrorOf } from './fault.js';

/** What PostgreSQL's driver takes for a prepared statement; to a logger of the app it looks like its text. */
class NamedQuery {
  constructor(
    readonly text: string,
    readonly name: string,
  ) {}

  get length(): number {
    return this.text.length;
  }

  toString(): string {
    return this.text;
  }

  /** Without it `'SQL: ' + query` would throw: String's own valueOf works on strings alone. */
  valueOf(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}
// All other methods of strings work on anything that has a toString(). Not `extends String`: the driver copies the own
// properties of its query, and a String has one for each character.
Object.setPrototypeOf(NamedQuery.prototype, String.prototype);

/**
 * SQL that PostgreSQL parses and plans once for each connection, which saves a fifth of a redemption. Its driver needs a
 * name beside the text. TypeORM has no parameter for the name, but hands on what it is given, and logs it as the text
 * that it is. pg's own `client.query({ name, text })` would do without the disguise, but also without TypeORM's logger,
 * subscribers and errors. The other drivers prepare by themselves (SQLite), or gain nothing (MariaDB).
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

  /** What to send to have it prepared. A new object each time, because older drivers write on it. */
  toSend(): string {
    if (this.name === undefined || this.isLost) return this.text;
    return new NamedQuery(this.text, this.name) as unknown as string;
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
