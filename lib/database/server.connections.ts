import type { DataSource } from 'typeorm';
import type { Connections, Loan } from './connections.js';

/** Connections to a server: each loan is one of the app's pool. */
export class ServerConnections implements Connections {
  constructor(readonly dataSource: DataSource) {}

  lend(): Loan {
    const queryRunner = this.dataSource.createQueryRunner('master');
    return { queryRunner, giveBack: () => queryRunner.release() };
  }

  async close(): Promise<void> {
    // The pool is the app's.
  }
}
