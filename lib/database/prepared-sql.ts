import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';

/** What PostgreSQL's driver takes for a prepared statement; to a logger of the app's, very nearly the string it is. */
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

  /** Else `'SQL: ' + query` would throw: a string's own works on strings alone. */
  valueOf(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}
// Every other method of strings works on what has a toString(). Not `extends String`: the driver copies its query's own
// properties, of which a String has one for each character.
Object.setPrototypeOf(NamedQuery.prototype, String.prototype);

/**
 * SQL that PostgreSQL is to parse and plan once for each connection: that is a fifth of a redemption. Its driver asks
 * for a name beside the text, which TypeORM has no word for; TypeORM hands on what it is given, though, and logs it as
 * the text that it is. The other drivers prepare by themselves (SQLite), or gain nothing (MariaDB).
 */
export class PreparedSql {
  private readonly name: string | undefined;
  private isLost = false;

  constructor(
    readonly text: string,
    dataSource: DataSource,
  ) {
    const isPostgres = dataSource.options.type === 'postgres';
    this.name = isPostgres
      ? `ticket-office-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
      : undefined;
  }

  /** What to send to have it prepared. A new object each time, since older drivers write on it. */
  toSend(): string {
    if (this.name === undefined || this.isLost) return this.text;
    return new NamedQuery(this.text, this.name) as unknown as string;
  }

  /**
   * Whether the statement failed only for having been prepared, so that nothing was run. From then on it is sent as
   * plain text.
   */
  lost(error: unknown): boolean {
    if (this.name === undefined || this.isLost || !isForPreparing(error)) return false;
    this.isLost = true;
    return true;
  }
}

/**
 * 26000, 42P05: the connection does not have the statement, or has it already; a pooler stands between that hands each
 * transaction another connection (PgBouncer before 1.21). 0A000: the table has changed since (a migration).
 */
function isForPreparing(error: unknown): boolean {
  const { driverError } = Object(error) as { driverError?: { code?: unknown; message?: unknown } };
  const { code, message } = driverError ?? {};
  return (
    code === '26000' || code === '42P05' || (code === '0A000' && String(message).startsWith('cached plan'))
  );
}
