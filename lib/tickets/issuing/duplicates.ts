import { Injectable } from '@nestjs/common';
import type { EntityManager, QueryRunner } from 'typeorm';
import { lockUntilEnd } from '../../database/named-lock.js';
import { readsCommitted } from '../../database/transaction.js';
import { inTurn } from '../../database/connection.queue.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { TicketEvents } from '../events/ticket.events.js';
import type { OnDuplicate } from '../input/on-duplicate.js';
import { TicketDatabase } from '../store/ticket.database.js';
import { findDuplicate, type Original, othersLike, withdraw } from '../store/duplicate.statements.js';
import { revokeSelection } from '../store/revocation.statements.js';
import type { NamedTicket, TicketRow } from '../store/ticket.row.js';
import { asWritten } from '../store/own-columns.js';
import { insertRow } from '../store/insert.statements.js';
import { DuplicateTicketError, TicketInputError } from '../ticket.errors.js';
import { TicketSettings } from '../ticket.settings.js';

/**
 * Writes a ticket of which there is to be one valid at a time for its place, purpose and subject. From the lock to the end
 * of the transaction nobody else writes such a ticket, so that each sees what all before it have written.
 */
@Injectable()
export class Duplicates {
  constructor(
    private readonly database: TicketDatabase,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  /** @throws TicketInputError for a manager that is in no transaction, which would end the lock */
  assertManager(manager?: EntityManager): void {
    this.database.assertTransaction('issue()', manager);
  }

  /**
   * @param lock the name of another lock that the transaction holds
   * @returns it as the database has it
   * @throws DuplicateTicketError where the ticket is to be rejected; then it is not written
   */
  async insert(
    row: TicketRow,
    onDuplicate: Exclude<OnDuplicate, 'allow'>,
    manager?: EntityManager,
    lock?: string,
  ): Promise<TicketRow> {
    const original = row as TicketRow & Original;
    const isOfApp = manager?.queryRunner !== undefined;
    let revoked: NamedTicket[] = [];
    const written = await this.database.transact(
      (runner, statements, again) =>
        inTurn(runner, async () => {
          if (isOfApp) await assertReadsCommitted(runner);
          if (lock !== undefined) await lockUntilEnd(runner, lock);
          await lockUntilEnd(runner, nameOf(original));
          // The earlier try was committed, its answer lost: otherwise it would be its own duplicate.
          if (again && (await statements.load.run({ uuid: row.uuid }, runner)).records.length > 0)
            return (await asWritten([row], runner))[0]!;
          revoked = [];
          // First of all: on SQLite it keeps other writers out. On MariaDB and MySQL, transactions that looked for tickets of
          // two subjects first could lock the gap between them both, and then neither could write.
          const inserted = await insertRow(row, runner.manager);
          if (onDuplicate === 'reject') await this.reject(runner, original, isOfApp);
          else await this.revoke(runner, original, revoked);
          return inserted;
        }),
      manager,
      { idempotent: true },
    );
    for (const ticket of revoked) this.events.emit('revoked', ticket, manager);
    return written;
  }

  private async reject(runner: QueryRunner, original: Original, isOfApp: boolean): Promise<void> {
    const duplicate = await findDuplicate(runner, original, this.now(), isOfApp);
    if (duplicate === undefined) return;
    // The transaction of the app may go on, and commit.
    await withdraw(runner, original);
    throw new DuplicateTicketError(duplicate);
  }

  private async revoke(runner: QueryRunner, original: Original, revoked: NamedTicket[]): Promise<void> {
    const now = this.now();
    const selection = othersLike(original, now, dataSourceOf(runner));
    await revokeSelection(runner, selection, { now, again: false }, (tickets) => revoked.push(...tickets));
  }

  /** After the wait for the lock: what has expired by then is no duplicate. */
  private now(): number {
    return this.settings.now().getTime();
  }
}

/** Texts that differ have names that differ. */
const nameOf = ({ place, purpose, subject }: Original): string =>
  `ticket ${JSON.stringify([place, purpose, subject])}`;

async function assertReadsCommitted(runner: QueryRunner): Promise<void> {
  if (await readsCommitted(runner)) return;
  const advice = "begin it with dataSource.transaction('READ COMMITTED', …), or leave the manager out";
  throw new TicketInputError('issue()', [
    `manager is of a transaction that does not see the tickets that others issue meanwhile, as onDuplicate must: ${advice}`,
  ]);
}
