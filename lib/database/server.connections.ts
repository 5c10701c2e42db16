import type { DataSource, QueryRunner } from 'typeorm';
import type { Connections, Connection } from './connections.js';
import { isMySql } from './dialect.js';

/** Connections to a server: each loan is one of the app's pool. */
export class ServerConnections implements Connections {
  constructor(readonly dataSource: DataSource) {}

  async acquire(): Promise<Connection> {
    return new ServerConnection(this.dataSource);
  }

  async close(): Promise<void> {
    // The pool is the app's.
  }
}

/** A connection of the app's pool, which is to get it back as it was. */
export class ServerConnection implements Connection {
  readonly queryRunner: QueryRunner;
  private readonly isMySql: boolean;
  private hasBegun = false;

  constructor(dataSource: DataSource) {
    this.queryRunner = dataSource.createQueryRunner('master');
    this.isMySql = isMySql(dataSource);
  }

  async begin(): Promise<void> {
    this.hasBegun = true;
    if (this.isMySql) {
      // They end a transaction for a dead-lock, and would commit each statement that comes after by itself, where
      // whoever sent them has overlooked that: so they are in a transaction again.
      await this.queryRunner.query('SET autocommit = 0');
    }
    await this.queryRunner.startTransaction();
  }

  async release(): Promise<void> {
    if (this.hasBegun) await this.restore().catch(() => this.discard());
    await this.queryRunner.release();
  }

  private async restore(): Promise<void> {
    // Whoever had it next would commit what should have been rolled back.
    if (this.queryRunner.isTransactionActive) throw new Error('The transaction has not ended.');
    if (this.isMySql) await this.queryRunner.query('SET autocommit = 1');
  }

  /** The pools of both drivers drop a connection that is being closed: nobody has to wait for its server. */
  private async discard(): Promise<void> {
    const driverConnection = (await this.queryRunner.connect().catch(() => undefined)) as
      Closable | undefined;
    if (this.isMySql) driverConnection?.destroy?.();
    else void driverConnection?.end?.().catch(() => undefined);
  }
}

/** What the drivers make of a connection: mysql2, and pg. */
interface Closable {
  destroy?(): void;
  end?(): Promise<void>;
}
