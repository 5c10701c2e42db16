import type { EntityManager, QueryRunner } from 'typeorm';
import type { Connection } from '../../database/connections.js';
import { transientErrorOf } from '../../database/fault.js';
import { retry } from '../../database/retry.js';
import { ScopedQueryRunner } from '../../database/scoped-query-runner.js';
import type { TicketEvents } from '../events/ticket.events.js';
import { asTicketError, type TicketDatabase } from '../store/ticket.database.js';
import type { TicketStatements } from '../store/ticket.statements.js';
import type { Given, TicketStore } from '../store/ticket.store.js';
import type { Ticket } from '../ticket.entity.js';
import { TicketOfficeBusyError } from '../ticket.errors.js';
import type { Claim } from './claim.js';

/**
 * A claim in a transaction that the work shares, and that begins with the stamp: both are written, or neither is. A
 * crash leaves nothing of it, not even the claim.
 */
export class TransactionClaim implements Claim {
  private readonly scoped: ScopedQueryRunner;

  private constructor(
    readonly ticket: Ticket,
    private readonly id: string,
    private readonly connection: Connection,
    private readonly statements: TicketStatements,
    private readonly store: TicketStore,
    private readonly events: TicketEvents,
  ) {
    this.scoped = new ScopedQueryRunner(connection);
  }

  /** @returns nothing when the ticket could not be stamped */
  static async begin(
    ticket: Ticket,
    given: Given<'stampUnclaimed'>,
    database: TicketDatabase,
    store: TicketStore,
    events: TicketEvents,
  ): Promise<TransactionClaim | undefined> {
    const { connections, statements } = await database.open();
    const connection = await connections.acquire('transaction', ticket.uuid);
    await connection.begin().catch(async (error: unknown) => {
      await connection.release();
      throw error;
    });
    const id = given.claimId as string;
    const claim = new TransactionClaim(ticket, id, connection, statements, store, events);
    try {
      if (await statements.stampUnclaimed.win(given, connection.queryRunner)) return claim;
    } catch (error) {
      await claim.release();
      throw error;
    }
    await claim.release();
    return undefined;
  }

  /** What is written through it commits with the stamp. */
  get manager(): EntityManager {
    return this.scoped.manager;
  }

  /**
   * Commits.
   *
   * @throws TicketOfficeBusyError when nothing was committed, or nobody knows
   */
  async stamp(): Promise<void> {
    await this.scoped.end();
    const error = await this.commit();
    // Decides nothing: what COMMIT did counts.
    await this.release().catch(() => undefined);
    if (error !== undefined && !(await this.isStampedAfterAll(error))) throw asTicketError(error);
    this.events.emit('stamped', this.ticket);
  }

  /** Rolls back. A transaction that cannot be rolled back has ended already, with its connection. */
  async release(): Promise<void> {
    await this.scoped.end();
    await rollBack(this.connection.queryRunner).catch(() => undefined);
    await this.connection.release();
  }

  /** COMMIT may have run, and its answer been lost. */
  private async isStampedAfterAll(error: unknown): Promise<boolean> {
    return transientErrorOf(error) === 'lost' && this.isStamp(await this.store.loadSettled(this.ticket.uuid));
  }

  private async commit(): Promise<unknown> {
    try {
      this.scoped.assertIntact();
      await this.assertStamped();
      const { queryRunner } = this.connection;
      await retry(
        () => queryRunner.commitTransaction(),
        (transient) => transient === 'busy',
      );
      // Still active: TypeORM only released a savepoint that the work left open.
      if (queryRunner.isTransactionActive) throw savepointLeftOpen();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /**
   * A deadlock ends a transaction on MariaDB, and any error spoils it on PostgreSQL: where the work has swallowed that
   * error, COMMIT would succeed, and write nothing.
   */
  private async assertStamped(): Promise<void> {
    const query = this.statements.load.run({ uuid: this.ticket.uuid }, this.connection.queryRunner);
    const { records } = await query.catch((cause: unknown) => {
      throw transientErrorOf(cause) ? cause : endedEarly(cause);
    });
    if (!this.isStamp(records[0])) throw endedEarly();
  }

  private isStamp(row: { readonly claimId?: unknown; readonly usedAt?: unknown } | undefined): boolean {
    return row?.claimId === this.id && row.usedAt !== null;
  }
}

/** Rolls back all of it, with the transactions in it that the work has left open: TypeORM ends one at a time. */
async function rollBack(queryRunner: QueryRunner): Promise<void> {
  try {
    while (queryRunner.isTransactionActive) await queryRunner.rollbackTransaction();
  } catch {
    // A deadlock may have removed the savepoint, for example.
    await queryRunner.query('ROLLBACK');
  }
}

const endedEarly = (cause?: unknown): TicketOfficeBusyError =>
  new TicketOfficeBusyError({
    cause: new Error(
      'The transaction has ended before the work: a statement in it has failed, or ended it. Let such errors leave the work',
      { cause },
    ),
  });

const savepointLeftOpen = (): TicketOfficeBusyError =>
  new TicketOfficeBusyError({
    cause: new Error(
      'The work has begun a transaction of its own, which has not ended. Await it in the work',
    ),
  });
