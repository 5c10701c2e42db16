import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Connections, Use } from '../../database/connections.js';
import { openConnections } from '../../database/open.connections.js';
import { Ticket } from '../ticket.entity.js';
import { TicketOfficeConfigurationError } from '../ticket.errors.js';
import { type TicketStatements, ticketStatements } from './ticket.statements.js';

interface Open {
  readonly connections: Connections;
  readonly statements: TicketStatements;
}

/** The ticket office that is open on a data source. */
const offices = new WeakMap<DataSource, TicketDatabase>();

const TWICE =
  'TicketOfficeModule.forRoot() is called twice for one data source, which makes two ticket offices, each with its own ' +
  'limits and events$. Call it once: with isGlobal: true, or in one module of yours that exports TicketOfficeModule';

/** The database with the tickets: lends connections that no transaction of the app's is on, and has the statements. */
export class TicketDatabase implements OnModuleInit, OnApplicationShutdown {
  private opening: Promise<Open> | undefined;

  /** @param app the app's data source */
  constructor(private readonly app: DataSource) {}

  /** @throws TicketOfficeConfigurationError when the data source is not as it should be */
  async onModuleInit(): Promise<void> {
    // An app may initialise its data source by hand, after its modules: then the first call opens.
    if (this.app.isInitialized) await this.open();
  }

  open(): Promise<Open> {
    // What failed is tried anew: the data source may be ready by then.
    this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /**
   * Runs `work` on a connection of its own.
   *
   * @param row the ticket, for who would rather fail than wait for a transaction on it
   */
  async using<T>(
    use: Use,
    row: string | undefined,
    work: (queryRunner: QueryRunner, statements: TicketStatements) => Promise<T>,
  ): Promise<T> {
    const { connections, statements } = await this.open();
    const loan = await connections.lend(use, row);
    try {
      return await work(loan.queryRunner, statements);
    } finally {
      await loan.giveBack();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (offices.get(this.app) === this) offices.delete(this.app);
    await (await this.opening)?.connections.close();
  }

  private async connect(): Promise<Open> {
    if (!this.app.isInitialized) {
      throw new TicketOfficeConfigurationError(
        'The data source is not connected: await dataSource.initialize() before the first ticket',
      );
    }
    if (!this.app.hasMetadata(Ticket)) {
      throw new TicketOfficeConfigurationError(
        'The data source does not know the Ticket entity: write autoLoadEntities: true, or add Ticket to its entities',
      );
    }
    const connections = await openConnections(this.app);
    if (offices.has(this.app)) new Logger('TicketOffice').warn(TWICE);
    offices.set(this.app, this);
    return { connections, statements: ticketStatements(connections.dataSource) };
  }
}
