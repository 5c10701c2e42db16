import { TicketBusyError, TicketUsedError } from 'nestjs-ticketoffice';
import type { EntityManager, QueryRunner } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { aroundQueries } from '../support/around-queries.js';
import { barrier } from '../support/barrier.js';
import { eachDatabase } from '../support/databases.js';
import { StatementLog } from '../support/statement-log.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { Visit, visitsOf, writeVisit } from '../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };

/** Keeps the statements of each connection apart. */
class ConnectionLog extends StatementLog {
  private readonly runners: unknown[] = [];

  override logQuery(query: unknown, _?: unknown, queryRunner?: QueryRunner): void {
    super.logQuery(query);
    this.runners.push(queryRunner);
  }

  of(queryRunner: QueryRunner): string[] {
    return this.statements.filter((_, index) => this.runners[index] === queryRunner);
  }
}

const isBegin = (sql: string) => /^(BEGIN|START) TRANSACTION$/.test(sql);
const lastTransactionOf = (statements: string[]) => statements.slice(statements.findLastIndex(isBegin));

eachDatabase('An open transaction of the app', (database) => {
  const isSqlite = database.type === 'better-sqlite3';

  let shared: TicketOffice & { log: ConnectionLog };
  beforeAll(async () => {
    const log = new ConnectionLog();
    // As the sample app does it.
    const typeorm = { entities: [Visit], logger: log, ...(isSqlite && { enableWAL: true }) };
    shared = { ...(await startOffice(database, {}, typeorm)), log };
  });

  const withTicket = async () => ({ ...shared, ticket: (await shared.tickets.issue(visit)).ticket });

  /**
   * Does what the app does wrong: writes, waits for what the ticket office does meanwhile, and rolls back.
   * Where one transaction at a time can write, the office comes to wait for its end.
   *
   * @returns what the office has done, and the statements on the app's connection
   */
  async function whileOpen<R>(office: TicketOffice & { log: ConnectionLog }, act: () => Promise<R>) {
    const statements: string[] = [];
    let acting: Promise<R> | undefined;
    const rolledBack = office.dataSource.transaction(async (manager) => {
      await writeVisit(manager, 'app');
      acting = act();
      await (isSqlite ? turnedAway(office) : acting);
      statements.push(...lastTransactionOf(office.log.of(manager.queryRunner!)));
      throw new Error('The app rolls back');
    });
    await expect(rolledBack).rejects.toThrow('The app rolls back');
    expect(await visitsOf(office.dataSource, 'app')).toBe(0);
    return { result: await acting!, statements };
  }

  /** Resolves once a statement of the office has met the lock of the file. */
  function turnedAway({ dataSource }: TicketOffice): Promise<void> {
    const met = barrier();
    aroundQueries(dataSource, (_, run) =>
      run().catch((error: unknown) => {
        if (String(error).includes('database is locked')) met.open();
        throw error;
      }),
    );
    return met.opened;
  }

  const onlyItsOwn = [expect.toSatisfy(isBegin), expect.stringMatching(/^INSERT/)];

  it('[R-15] that rolls back undoes no claim', async () => {
    const office = await withTicket();
    const { result, statements } = await whileOpen(office, () => office.tickets.claim(office.ticket));
    expect(statements).toEqual(onlyItsOwn);
    await expect(office.tickets.claim(office.ticket)).rejects.toThrow(TicketBusyError);
    await result.stamp();
    expect((await office.tickets.find(office.ticket.uuid))!.used).toBe(true);
  });

  it('[R-15] that rolls back undoes no stamp', async () => {
    const office = await withTicket();
    const claim = await office.tickets.claim(office.ticket);
    const { statements } = await whileOpen(office, () => claim.stamp());
    expect(statements).toEqual(onlyItsOwn);
    expect((await office.tickets.find(office.ticket.uuid))!.used).toBe(true);
    await expect(office.tickets.claim(office.ticket)).rejects.toThrow(TicketUsedError);
  });

  it('[R-15] that rolls back undoes no release', async () => {
    const office = await withTicket();
    const claim = await office.tickets.claim(office.ticket);
    const { statements } = await whileOpen(office, () => claim.release());
    expect(statements).toEqual(onlyItsOwn);
    await office.tickets.claim(office.ticket);
  });

  it('[R-15] that rolls back undoes no redemption, nor what it has written', async () => {
    const office = await withTicket();
    const { uuid } = office.ticket;
    const { result, statements } = await whileOpen(office, () =>
      office.tickets.redeem(office.ticket, 'louvre', 'visit', async (_, manager) => {
        await writeVisit(manager, uuid);
        return 'Welcome';
      }),
    );
    expect(result).toBe('Welcome');
    expect(statements).toEqual(onlyItsOwn);
    expect((await office.tickets.find(uuid))!.used).toBe(true);
    expect(await visitsOf(office.dataSource, uuid)).toBe(1);
  });

  it('[R-15] that rolls back undoes no call that was not given its manager', async () => {
    const office = await withTicket();
    const [revoked, reissued] = [await office.tickets.issue(visit), await office.tickets.issue(visit)];
    const { result, statements } = await whileOpen(office, async () => ({
      issued: await office.tickets.issue(visit),
      revocation: await office.tickets.revoke(revoked.ticket.uuid),
      reissue: await office.tickets.reissue(reissued.ticket.uuid),
    }));
    expect(statements).toEqual(onlyItsOwn);
    expect(await office.tickets.find(result.issued.ticket.uuid)).not.toBeNull();
    expect((await office.tickets.find(revoked.ticket.uuid))!.revoked).toBe(true);
    const old = office.tickets.authenticate(reissued.credentials, 'louvre', 'visit');
    await expect(old).rejects.toThrow('not valid here');
  });

  it('[R-15] holds up no call that only reads', async () => {
    const office = await withTicket();
    const { ticket, credentials } = await office.tickets.issue(visit);
    const rolledBack = office.dataSource.transaction(async (manager) => {
      await writeVisit(manager, 'app');
      expect((await office.tickets.find(ticket.uuid))?.uuid).toBe(ticket.uuid);
      expect((await office.tickets.authenticate(credentials, 'louvre', 'visit')).uuid).toBe(ticket.uuid);
      expect((await office.tickets.list({ limit: 1000 })).map(({ uuid }) => uuid)).toContain(ticket.uuid);
      throw new Error('The app rolls back');
    });
    await expect(rolledBack).rejects.toThrow('The app rolls back');
  });

  it('[R-15] contains the calls that are given its manager', async () => {
    const { dataSource, tickets, ticket } = await withTicket();
    const claimed = (await tickets.issue(visit)).ticket;
    const claim = await tickets.claim(claimed);
    const inTransaction = async (end: (manager: EntityManager) => Promise<unknown>) =>
      dataSource.transaction(async (manager) => {
        const issued = await tickets.issue(visit, manager);
        expect(await tickets.revoke(ticket.uuid, manager)).toBe(true);
        expect(await tickets.reopen(claimed.uuid, manager)).toBe(true);
        await end(manager);
        return issued.ticket.uuid;
      });
    const leak = async () => Promise.reject(new Error('The roof leaks'));
    await expect(inTransaction(leak)).rejects.toThrow('The roof leaks');
    expect((await tickets.find(ticket.uuid))!.revoked).toBe(false);
    await expect(tickets.claim(claimed)).rejects.toThrow(TicketBusyError);
    const issued = await inTransaction(async () => undefined);
    expect(await tickets.find(issued)).not.toBeNull();
    expect((await tickets.find(ticket.uuid))!.revoked).toBe(true);
    await expect(claim.stamp()).rejects.toThrow(TicketBusyError);
  });

  it('[R-15] has its own outcome, beside claims and redemptions', async () => {
    const { dataSource, tickets } = await withTicket();
    const rounds = Array.from({ length: 20 }, (_, round) => `round ${round}`);
    const uses = rounds.map(async () => {
      const { ticket } = await tickets.issue(visit);
      await (await tickets.claim(ticket)).stamp();
      const other = (await tickets.issue(visit)).ticket;
      await tickets.redeem(other, 'louvre', 'visit', (_, manager) => writeVisit(manager, other.uuid));
      return [ticket.uuid, other.uuid] as const;
    });
    const outcomes: unknown[] = [];
    for (const name of rounds) {
      const transaction = dataSource.transaction((manager) => writeVisit(manager, name));
      outcomes.push(await transaction.then(() => 'committed').catch((error: unknown) => error));
    }
    for (const [ticket, other] of await Promise.all(uses)) {
      expect((await tickets.find(ticket))!.used).toBe(true);
      expect((await tickets.find(other))!.used).toBe(true);
      expect(await visitsOf(dataSource, other)).toBe(1);
    }
    expect(outcomes).toEqual(rounds.map(() => 'committed'));
    for (const name of rounds) expect(await visitsOf(dataSource, name)).toBe(1);
  });
});
