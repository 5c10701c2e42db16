import type { DataSource, QueryRunner } from 'typeorm';
import { isElsewhere } from './driver.error.js';

/** What a connection is acquired for. */
export type Access = 'read' | 'write' | 'transaction';

/** A connection that nobody else uses until it is released. */
export interface Connection {
  readonly queryRunner: QueryRunner;
  /**
   * Begins a transaction on it.
   *
   * @param level in place of the usual one; SQLite has one only, in which others write before it or after it
   * @throws DatabaseBusyError where a transaction of the app is open on it
   */
  begin(level?: 'READ COMMITTED'): Promise<void>;
  /** Ends it at once, whatever is under way on it: its transaction is rolled back, and it is not used again. */
  cut(): Promise<void>;
  release(): Promise<void>;
}

/** Connections to the primary: never to a replica, and never one on which a transaction of the app is open. */
export interface Connections {
  /** SQL is made for its dialect and entities. */
  readonly dataSource: DataSource;

  /**
   * @param row the key of the one row to use, for a caller that would rather fail than wait for a transaction on it
   * @throws RowTakenError, DatabaseHeldError where the database itself could not say so
   */
  acquire(access: Access, row?: string): Promise<Connection>;

  /** Closes the connections that were opened here; those of the app stay. */
  close(): Promise<void>;
}

/**
 * After a fail-over, pools keep connections to a server that only reads by then: such a one is not given back, so that the
 * next try gets another.
 */
export async function cutIfElsewhere(connection: Connection, error: unknown): Promise<never> {
  if (isElsewhere(error)) await connection.cut().catch(() => undefined);
  throw error;
}
