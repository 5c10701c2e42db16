import type { DataSource } from 'typeorm';
import type { Connections, Loan } from './connections.js';
import { ServerLoan } from './server.loan.js';

/** Connections to a server: each loan is one of the app's pool. */
export class ServerConnections implements Connections {
  constructor(readonly dataSource: DataSource) {}

  async lend(): Promise<Loan> {
    return new ServerLoan(this.dataSource);
  }

  async close(): Promise<void> {
    // The pool is the app's.
  }
}
