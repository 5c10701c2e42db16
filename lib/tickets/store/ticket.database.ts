import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Connections, Access } from '../../database/connections.js';
import { Ticket } from '../ticket.entity.js';
import { TicketBusyError, TicketOfficeBusyError, TicketOfficeConfigurationError } from '../ticket.errors.js';
import { type TicketStatements, ticketStatements } from './ticket.statements.js';
import { ServerConnections } from '../../database/server.connections.js';
import { SqliteConnections } from '../../database/sqlite.connections.js';
import { transientErrorOf, isMissingTable } from '../../database/fault.js';
import { retry } from '../../database/retry.js';
import { TICKET_TABLE } from '../ticket.table.js';

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
  async withConnection<T>(
    access: Access,
    row: string | undefined,
    work: (queryRunner: QueryRunner, statements: TicketStatements) => Promise<T>,
  ): Promise<T> {
    const { connections, statements } = await this.open();
    const connection = await connections.acquire(access, row);
    try {
      return await work(connection.queryRunner, statements);
    } finally {
      await connection.release();
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

/** TypeORM's names for what is SQLite, in a file or otherwise. */
const SQLITE: ReadonlySet<string> = new Set([
  'better-sqlite3',
  'sqljs',
  'capacitor',
  'cordova',
  'expo',
  'nativescript',
  'react-native',
]);

/** @param app the app's data source, connected */
export const openConnections = async (app: DataSource): Promise<Connections> =>
  SQLITE.has(app.options.type) ? SqliteConnections.open(app) : new ServerConnections(app);

const NO_TABLE =
  `The table ${TICKET_TABLE} is missing: run the migrations, with ticketOfficeMigrations among them; ` +
  'or write migrations: ticketOfficeMigrations, migrationsRun: true';

/**
 * Tries until the database has answered, or for as long as is reasonable.
 *
 * @param attempt told whether an earlier try may have been run already, its answer lost
 * @param traits whether to try again even then: it knows what to do, or does no harm twice
 * @throws TicketBusyError when a transaction has held the ticket's row all the while
 * @throws TicketOfficeBusyError when the database could not answer
 * @throws TicketOfficeConfigurationError when it has no table of tickets
 */
export async function withRetries<T>(
  attempt: (again: boolean) => Promise<T>,
  { idempotent: isRepeatable = false }: { readonly idempotent?: boolean },
): Promise<T> {
  return retry(attempt, (transient) => isRepeatable || transient !== 'lost').catch((error: unknown) => {
    throw asTicketError(error);
  });
}

/** A fault that has outlasted all patience, or that patience does not help, as an error of the ticket office. */
export function asTicketError(error: unknown): unknown {
  const transient = transientErrorOf(error);
  if (transient === 'taken' || transient === 'contested')
    return new TicketBusyError(undefined, { cause: error });
  if (transient) return new TicketOfficeBusyError({ cause: error });
  return isMissingTable(error, TICKET_TABLE)
    ? new TicketOfficeConfigurationError(NO_TABLE, { cause: error })
    : error;
}
