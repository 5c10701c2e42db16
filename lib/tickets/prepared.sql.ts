import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';

/** SQLSTATE of a prepared statement that the connection does not have, or has already: a pooler stands between. */
const LOST = new Set(['26000', '42P05']);

/** What PostgreSQL's driver takes for a prepared statement; to a logger of the app's, the string that it is. */
class NamedQuery {
  constructor(
    readonly text: string,
    readonly name: string,
  ) {}

  toString(): string {
    return this.text;
  }
}
// Every method of strings works on what has a toString(). Not `extends String`: the driver copies its query's own
// properties, of which a String has one for each character.
Object.setPrototypeOf(NamedQuery.prototype, String.prototype);

/**
 * SQL that PostgreSQL is to parse and plan once for each connection: that is a fifth of a redemption. Its driver asks
 * for a name beside the text, which TypeORM has no word for; TypeORM hands on what it is given, though, and logs it as
 * the text that it is. The other drivers prepare by themselves (SQLite), or gain nothing (MariaDB).
 */
export class PreparedSql {
  private readonly name: string | undefined;
  private isPooled = false;

  constructor(
    readonly text: string,
    dataSource: DataSource,
  ) {
    const isPostgres = dataSource.options.type === 'postgres';
    this.name = isPostgres
      ? `ticket-office-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
      : undefined;
  }

  /** What to send. A new object each time, since the driver writes on it. */
  toSend(): string {
    if (this.name === undefined || this.isPooled) return this.text;
    return new NamedQuery(this.text, this.name) as unknown as string;
  }

  /**
   * Whether the statement failed for its name alone, so that nothing was run: behind a pooler that hands every
   * transaction another connection (PgBouncer before 1.21). From then on it is sent without a name.
   */
  isLost(error: unknown): boolean {
    const { code } = ((error as { driverError?: unknown } | undefined)?.driverError ?? {}) as {
      code?: string;
    };
    if (this.name === undefined || code === undefined || !LOST.has(code)) return false;
    this.isPooled = true;
    return true;
  }
}
