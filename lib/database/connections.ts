import type { DataSource, QueryRunner } from 'typeorm';

/** What a connection is borrowed for. */
export type Access = 'read' | 'write' | 'transaction';

/** A connection that is nobody else's until it is given back. */
export interface Connection {
  readonly queryRunner: QueryRunner;
  /**
   * Begins a transaction on it.
   *
   * @throws DatabaseBusyError where one of the app's is open on it
   */
  begin(): Promise<void>;
  release(): Promise<void>;
}

/** Lends connections to the primary: never a replica's, and never one on which a transaction of the app's is open. */
export interface Connections {
  /** Whose dialect and entities SQL is made for. */
  readonly dataSource: DataSource;

  /**
   * @param row the key of the one row, when the borrower would rather fail than wait for a transaction on it
   * @throws RowTakenError, DatabaseHeldError where the database itself could not say so
   */
  acquire(access: Access, row?: string): Promise<Connection>;

  /** Closes what was opened here, and nothing of the app's. */
  close(): Promise<void>;
}
