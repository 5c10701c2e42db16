import { Logger, type OnModuleInit } from '@nestjs/common';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { type Access, type Connections, cutIfElsewhere } from '../../database/connections.js';
import { connectionProblem, optionsProblem } from '../../database/connection.check.js';
import { isSqlite } from '../../database/dialect.js';
import { transientErrorOf } from '../../database/fault.js';
import { retry } from '../../database/retry.js';
import { ServerConnections } from '../../database/server.connections.js';
import { SqliteConnections } from '../../database/sqlite.connections.js';
import { inTransaction } from '../../database/transaction.js';
import { managerProblem, transactionProblem } from '../input/manager.rule.js';
import { TicketInputError, TicketOfficeBusyError, TicketOfficeConfigurationError } from '../ticket.errors.js';
import {
  AGAIN,
  asTicketError,
  hasUnknownOutcome,
  notConnected,
  TWICE,
  unreliable,
} from './database.errors.js';
import { assertEntity } from './entity.check.js';
import type { TicketEntity } from './ticket.mapping.js';
import { type TicketStatements, ticketStatements } from './ticket.statements.js';

interface Open {
  readonly connections: Connections;
  readonly statements: TicketStatements;
}

/** Work on a connection; `isRetry`: an earlier try may have succeeded, its answer lost. */
type Work<T> = (queryRunner: QueryRunner, statements: TicketStatements, isRetry: boolean) => Promise<T>;

interface Retries {
  /** Whether to try again after an unknown outcome: the work recognises its success, or does no harm twice. */
  readonly idempotent?: boolean;
  /** Called before the call throws, where a try may have succeeded nevertheless; its own errors are ignored. */
  readonly onUnknownOutcome?: () => Promise<unknown>;
}

/** The ticket office that is open on each data source. */
const offices = new WeakMap<DataSource, TicketDatabase>();

/**
 * The database with the tickets: acquires connections on which no transaction of the app is open, runs statements on
 * them, and retries after transient errors.
 */
export class TicketDatabase implements OnModuleInit {
  private opening: Promise<Open> | undefined;
  private isPartOfApp = false;
  private isChecked = false;

  /**
   * @param app the app's data source
   * @param entity that of the table of tickets
   */
  constructor(
    readonly app: DataSource,
    readonly entity: TicketEntity,
  ) {}

  /** @throws TicketOfficeConfigurationError when the data source does not know the Ticket entity, or cannot be relied on */
  async onModuleInit(): Promise<void> {
    this.isPartOfApp = true;
    // An app may initialise its data source by hand, after its modules: then the first call opens.
    if (!this.app.isInitialized) return;
    await this.open();
    await this.run('read', async () => undefined).catch((error: unknown) => {
      // The database is away for the moment: the first call asks it again.
      if (!(error instanceof TicketOfficeBusyError)) throw error;
    });
  }

  /** @throws TicketInputError for a manager through which the call cannot write tickets */
  assertManager(call: string, manager: unknown): void {
    const problem = managerProblem(manager, this.app);
    if (problem !== undefined) throw new TicketInputError(call, [`manager ${problem}`]);
  }

  /**
   * The same for a call of several statements.
   *
   * @throws TicketInputError also for a manager that is in no transaction
   */
  assertTransaction(call: string, manager: unknown): void {
    this.assertManager(call, manager);
    const problem = transactionProblem(manager as EntityManager | undefined);
    if (problem !== undefined) throw new TicketInputError(call, [`manager ${problem}`]);
  }

  /**
   * Runs `work` in the transaction of `manager`, once; or else in one of its own, as {@link run} does.
   *
   * @throws TicketBusyError, TicketOfficeBusyError also after a transient error in the transaction of `manager`: a
   * dead-lock with another one, for example
   */
  async transact<T>(
    work: Work<T>,
    manager: EntityManager | undefined,
    retries: Pick<Retries, 'idempotent'> = {},
  ): Promise<T> {
    const runner = manager?.queryRunner;
    if (!runner) return this.run('transaction', work, retries);
    const { statements } = await this.open();
    return work(runner, statements, false).catch((error: unknown) => {
      throw transientErrorOf(error) ? asTicketError(error) : error;
    });
  }

  open(): Promise<Open> {
    // After a failure the next call tries anew: the data source may be ready by then.
    this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /**
   * Runs `work` on a connection of its own, in a transaction where that is what it is for; again after a transient error.
   *
   * @param row the ticket, for a reader that would rather fail than wait for a transaction on it
   * @throws as {@link withRetries} does
   */
  run<T>(
    access: Access,
    work: Work<T>,
    { row, idempotent = access === 'read' }: Pick<Retries, 'idempotent'> & { readonly row?: string } = {},
  ): Promise<T> {
    return this.withRetries((isRetry) => this.tryToRun(access, work, row, isRetry), { idempotent });
  }

  /** The same in one try, which throws transient errors as they are. */
  async tryToRun<T>(access: Access, work: Work<T>, row?: string, isRetry = false): Promise<T> {
    const { connections, statements } = await this.open();
    const connection = await connections.acquire(access, row);
    try {
      if (!this.isChecked) await this.check(connection.queryRunner);
      const perform = () => work(connection.queryRunner, statements, isRetry);
      return await (access === 'transaction' ? inTransaction(connection, perform) : perform());
    } catch (error) {
      return await cutIfElsewhere(connection, error);
    } finally {
      await connection.release();
    }
  }

  /**
   * Tries until the database has answered, or for as long as is reasonable.
   *
   * @param attempt gets whether an earlier try may have succeeded, its answer lost
   * @throws TicketBusyError when a transaction has held the ticket's row all the while
   * @throws TicketOfficeBusyError when the database could not answer
   * @throws TicketOfficeConfigurationError when it has no table of tickets
   */
  async withRetries<T>(
    attempt: (isRetry: boolean) => Promise<T>,
    { idempotent = false, onUnknownOutcome }: Retries = {},
  ): Promise<T> {
    let isUnknown = false;
    const observed = async (isRetry: boolean): Promise<T> =>
      attempt(isRetry).catch((error: unknown) => {
        isUnknown ||= hasUnknownOutcome(error);
        throw error;
      });
    try {
      return await retry(
        onUnknownOutcome ? observed : attempt,
        (transient) => idempotent || transient !== 'lost',
      );
    } catch (error) {
      if (isUnknown) await onUnknownOutcome?.().catch(() => undefined);
      throw asTicketError(error);
    }
  }

  /** Closes what was opened beside the app's own connections. */
  async close(): Promise<void> {
    if (offices.get(this.app) === this) offices.delete(this.app);
    await (await this.opening)?.connections.close();
  }

  private async connect(): Promise<Open> {
    if (!this.app.isInitialized) throw notConnected();
    assertEntity(this.app, this.entity);
    this.register();
    const problem = await optionsProblem(this.app);
    if (problem !== undefined) throw unreliable(problem);
    const connections = isSqlite(this.app)
      ? await SqliteConnections.open(this.app)
      : new ServerConnections(this.app);
    return { connections, statements: ticketStatements(connections.dataSource) };
  }

  /** On the connection of the first work, whichever it is: a pool may have no other. */
  private async check(queryRunner: QueryRunner): Promise<void> {
    const problem = await connectionProblem(queryRunner).catch((error: unknown) => {
      if (transientErrorOf(error)) throw error;
      new Logger('TicketOffice').warn('The settings of the connection could not be checked', error);
    });
    if (problem !== undefined) throw unreliable(problem);
    this.isChecked = true;
  }

  private register(): void {
    const isOther = (offices.get(this.app) ?? this) !== this;
    // Nest calls no hooks for what is made while the app runs: once for each request, perhaps, and never closed.
    if (isOther && !this.isPartOfApp) throw new TicketOfficeConfigurationError(AGAIN);
    if (isOther) new Logger('TicketOffice').warn(TWICE);
    offices.set(this.app, this);
  }
}
