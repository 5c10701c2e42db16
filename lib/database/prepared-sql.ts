import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { isPostgres } from './dialect.js';
import { driverErrorOf, isPreparationError } from './driver.error.js';
import { namedQuery } from './typeorm.internals.js';

/** The data sources on which nothing is prepared any more: a pooler stands before them, or a table has changed. */
const unprepared = new WeakSet<DataSource>();

/**
 * SQL that PostgreSQL parses and plans once for each connection, which saves a fifth of a redemption. The other drivers
 * prepare by themselves (SQLite), or gain nothing (MariaDB).
 */
export class PreparedSql {
  private readonly name: string | undefined;

  constructor(
    readonly text: string,
    private readonly dataSource: DataSource,
  ) {
    this.name = isPostgres(dataSource)
      ? `ticket-office-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
      : undefined;
  }

  /** The query that has it prepared; its text where nothing is prepared. */
  toSend(): string {
    return this.name === undefined || unprepared.has(this.dataSource)
      ? this.text
      : namedQuery(this.text, this.name);
  }

  /**
   * Whether a query failed only because it was prepared, so that nothing ran, and its text can be sent instead; from
   * then on, nothing is prepared. Many queries may be under way by then: each is asked about for itself.
   *
   * @param sent as {@link toSend} had it
   */
  lost(sent: string, error: unknown): boolean {
    if (sent === this.text || !isPreparationError(driverErrorOf(error))) return false;
    unprepared.add(this.dataSource);
    return true;
  }
}
