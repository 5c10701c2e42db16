import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Connection, cutIfElsewhere } from '../../database/connections.js';
import { transientErrorOf } from '../../database/fault.js';
import { ScopedQueryRunner } from '../../database/scoped-query-runner.js';
import type { StatementResult } from '../../database/statement.js';
import { commit, rollBack } from '../../database/transaction.js';
import { transactionDepthOf } from '../../database/typeorm.internals.js';
import type { TicketEvents } from '../events/ticket.events.js';
import { asTicketError } from '../store/database.errors.js';
import type { TicketDatabase } from '../store/ticket.database.js';
import type { TicketStatements } from '../store/ticket.statements.js';
import type { Given, TicketStore } from '../store/ticket.store.js';
import type { Ticket } from '../ticket.entity.js';
import { stampOverwritten } from '../ticket.overwritten.js';
import type { Claim } from './claim.js';
import { endedEarly, savepointLeftOpen } from './transaction.errors.js';

const logger = new Logger('TicketOffice');

interface CommitFailure {
  readonly error: unknown;
  /** Whether COMMIT was sent, and may have run nevertheless. */
  readonly isSent: boolean;
}

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
    let isTaken = false;
    try {
      isTaken = await statements.stampUnclaimed.win(given, connection.queryRunner);
    } catch (error) {
      await cutIfElsewhere(connection, error);
    } finally {
      if (!isTaken) await claim.leave();
    }
    return isTaken ? claim : undefined;
  }

  /** What is written through it commits with the stamp. */
  get manager(): EntityManager {
    return this.scoped.manager;
  }

  /**
   * Commits. What COMMIT has done counts, whatever fails at it or after it.
   *
   * @throws StreamLeftOpenError when the work has left a stream open; nothing was committed
   * @throws TicketOfficeConfigurationError when the work has written over the stamp; nothing was committed
   * @throws TicketOfficeBusyError when nothing was committed, or nobody knows
   */
  async stamp(): Promise<void> {
    await this.scoped.end();
    const failure = await this.commit();
    if (failure) await this.undoUnlessCommitted(failure);
    // What fails here decides nothing: it is committed.
    else await this.leave().catch(() => undefined);
    if (this.scoped.isCommittedEarly)
      logger.warn(`The work of ticket ${this.ticket.uuid} was not one transaction: ${COMMITTED_EARLY}`);
    this.events.emit('stamped', this.ticket);
  }

  /** Rolls back. What was committed before stays, and is logged. */
  async release(): Promise<void> {
    await this.scoped.end();
    if (await this.undo()) this.reportCommittedEarly();
  }

  /** @throws the failure, unless COMMIT was sent and has run nevertheless */
  private async undoUnlessCommitted({ error, isSent }: CommitFailure): Promise<void> {
    const isUsed = await this.undo(isSent);
    if (isUsed && isSent) return;
    if (isUsed) this.reportCommittedEarly();
    throw asTicketError(error);
  }

  /** Rolls back what is not committed; returns whether the ticket is used all the same. */
  private async undo(isCommitSent = false): Promise<boolean> {
    const fault = await rollBack(this.connection.queryRunner);
    const seen = fault ? undefined : await this.loadHere().catch(() => undefined);
    await this.connection.release();
    if (seen) return this.isStamp(seen.records[0]);
    // Without a connection the server rolls back. Only COMMIT may have been faster than its end.
    if (!isCommitSent && transientErrorOf(fault?.error) === 'lost') return false;
    return this.isStamp(await this.store.loadSettled(this.ticket.uuid).catch(() => undefined));
  }

  /** A transaction that cannot be rolled back has ended already, or ends with its connection. */
  private async leave(): Promise<void> {
    await rollBack(this.connection.queryRunner);
    await this.connection.release();
  }

  private async commit(): Promise<CommitFailure | undefined> {
    const { queryRunner } = this.connection;
    let isSent = false;
    try {
      this.scoped.assertIntact();
      await this.assertStamped();
      // TypeORM would only release the savepoint.
      if (transactionDepthOf(queryRunner) > 1) throw savepointLeftOpen();
      isSent = true;
      await commit(queryRunner);
      return undefined;
    } catch (error) {
      return { error, isSent };
    }
  }

  /**
   * A deadlock ends a transaction on MariaDB, and any error spoils it on PostgreSQL: where the work has swallowed that
   * error, COMMIT would succeed, and write nothing.
   */
  private async assertStamped(): Promise<void> {
    const { records } = await this.loadHere().catch((cause: unknown) => {
      throw transientErrorOf(cause) ? cause : endedEarly(cause);
    });
    const [row] = records;
    if (this.isStamp(row)) return;
    // Still claimed: the transaction has not ended.
    throw row?.claimId === this.id ? stampOverwritten(this.ticket) : endedEarly();
  }

  private loadHere(): Promise<StatementResult> {
    return this.statements.load.run({ uuid: this.ticket.uuid }, this.connection.queryRunner);
  }

  private isStamp(row: { readonly claimId?: unknown; readonly usedAt?: unknown } | undefined): boolean {
    return row?.claimId === this.id && row.usedAt !== null;
  }

  private reportCommittedEarly(): void {
    logger.error(`Ticket ${this.ticket.uuid} is used although its work has failed: ${COMMITTED_EARLY}`);
    this.events.emit('stamped', this.ticket);
  }
}

const COMMITTED_EARLY =
  'a statement in it has committed the transaction before its end, with all that was written until then. COMMIT does ' +
  'so, and on MariaDB and MySQL also DDL and TRUNCATE (manager.clear()). Send such statements before or after it and ' +
  'without its manager, or use StampInvitation or claim()';
