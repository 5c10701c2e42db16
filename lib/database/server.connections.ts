import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Connection, Connections } from './connections.js';
import { isMySql } from './dialect.js';
import { ownedQueryRunner } from './owned-query-runner.js';

/** Connections to a server: each is acquired from the app's pool. */
export class ServerConnections implements Connections {
  constructor(readonly dataSource: DataSource) {}

  async acquire(): Promise<Connection> {
    return new ServerConnection(this.dataSource);
  }

  async close(): Promise<void> {
    // The pool belongs to the app.
  }
}

/** A connection of the app's pool, which gets it back as it was. */
export class ServerConnection implements Connection {
  readonly queryRunner: QueryRunner;
  private readonly isMySql: boolean;
  private hasBegun = false;

  constructor(dataSource: DataSource) {
    this.queryRunner = ownedQueryRunner(dataSource.createQueryRunner('master'));
    this.isMySql = isMySql(dataSource);
  }

  async begin(level?: 'READ COMMITTED'): Promise<void> {
    this.hasBegun = true;
    if (this.isMySql) {
      // MySQL ends a transaction at a deadlock. Work that overlooks this would commit each later statement by itself;
      // without autocommit, those statements are in a transaction again.
      await this.queryRunner.query('SET autocommit = 0');
    }
    await this.queryRunner.startTransaction(level);
  }

  async cut(): Promise<void> {
    const connection = (await this.queryRunner.connect()) as Closable;
    if (!this.isMySql) return this.discard();
    // mysql2's own destroy() waits for the rest of a result, which the server sends for as long as it takes.
    const { stream: socket } = connection;
    if (!socket || socket.closed) return;
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
  }

  async release(): Promise<void> {
    if (this.hasBegun) await this.restore().catch(() => this.discard());
    await this.queryRunner.release();
  }

  private async restore(): Promise<void> {
    // The next user of the connection would commit what should have been rolled back.
    if (this.queryRunner.isTransactionActive) throw new Error('The transaction has not ended.');
    if (this.isMySql) await this.queryRunner.query('SET autocommit = 1');
  }

  /** Closes the connection without waiting for its server; the pools of both drivers drop a closing connection. */
  private async discard(): Promise<void> {
    const connection = (await this.queryRunner.connect().catch(() => undefined)) as Closable | undefined;
    if (this.isMySql) connection?.destroy?.();
    else void connection?.end?.().catch(() => undefined);
  }
}

/** A connection of mysql2 (`destroy`, `stream`) or of pg (`end`). */
interface Closable {
  readonly stream?: Socket;
  destroy?(): void;
  end?(): Promise<void>;
}
