import { Ticket, TicketInputError, TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CleanedCounts, CleanInput } from '../../../lib/tickets/input/clean.input.js';
import { aroundQueries } from '../../support/around-queries.js';
import { barrier, rendezvous } from '../../support/barrier.js';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { faultsOn, lostFaultsOn, spoil } from '../../support/driver-faults.js';
import { StatementLog } from '../../support/statement-log.js';
import { startOffice, rawRow, rewriteRow } from '../../support/office.js';
import { skipRetryWaits } from '../../support/retry-waits.js';
import { Visit, visitsOf, writeVisit } from '../../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };
const isFind = (sql: string) => /^SELECT .* LIMIT /s.test(sql);
const isDelete = (sql: string) => sql.startsWith('DELETE');

eachDatabase('clean()', (database) => {
  async function open(options: object = {}) {
    const clock = new TestClock();
    const log = new StatementLog();
    const typeorm = { entities: [Visit], logger: log };
    return {
      clock,
      log,
      ...(await startOffice(database, { now: clock.now, cleaning: { keep: 0 }, ...options }, typeorm)),
    };
  }

  let shared: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    shared = await open();
    skipRetryWaits();
  });

  /** An office without tickets. */
  async function emptyOffice(office = shared) {
    await office.dataSource.query('DELETE FROM ticket_office_ticket');
    const { tickets } = office;
    const issue = async (input: object = {}) => (await tickets.issue({ ...visit, ...input })).ticket;
    const use = async (ticket: Ticket) => (await tickets.claim(ticket)).stamp();
    const make = {
      fresh: issue,
      used: async () => use(await issue()),
      revoked: async () => tickets.revoke((await issue()).uuid),
      expired: () => issue({ expiresIn: 1 }),
    };
    const left = async () => new Set((await tickets.list({ limit: 1000 })).map(({ uuid }) => uuid));
    const many = async (kind: keyof typeof make, count: number) => {
      for (let number = 0; number < count; number += 1) await make[kind]();
    };
    return { ...office, issue, use, many, left };
  }

  it('deletes what is over, and counts it by why', async () => {
    const { tickets, clock, many, left } = await emptyOffice();
    await many('used', 3);
    await many('revoked', 2);
    await many('expired', 4);
    await many('fresh', 1);
    clock.advance('1h');
    expect(await tickets.clean()).toEqual({ used: 3, revoked: 2, expired: 4 });
    expect((await left()).size).toBe(1);
    expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 0 });
  });

  it('counts a ticket that is over in several ways once: used before revoked before expired', async () => {
    const { tickets, clock, issue, left } = await emptyOffice();
    const all = await issue({ expiresIn: '1m' });
    const claim = await tickets.claim(all);
    await tickets.revoke(all.uuid);
    await claim.stamp();
    await tickets.revoke((await issue({ expiresIn: '1m' })).uuid);
    clock.advance('2m');
    expect(await tickets.clean()).toEqual({ used: 1, revoked: 1, expired: 0 });
    expect((await left()).size).toBe(0);
  });

  it('[LC-1] deletes what was over at `before`, and not what came a millisecond later', async () => {
    const { tickets, clock, issue, use, left } = await emptyOffice();
    await use(await issue());
    await tickets.revoke((await issue()).uuid);
    await issue({ expiresIn: 1 });
    clock.advance(1);
    const before = clock.now();
    clock.advance(1);
    const later = await issue();
    await use(later);
    const expired = await issue({ expiresIn: 1 });
    clock.advance('1d');
    expect(await tickets.clean({ before })).toEqual({ used: 1, revoked: 1, expired: 1 });
    expect(await left()).toEqual(new Set([later.uuid, expired.uuid]));
  });

  it('keeps what is over for 30 days, unless told otherwise', async () => {
    const office = await emptyOffice(await open({ cleaning: {} }));
    const { tickets, clock, many } = office;
    await many('used', 2);
    await many('expired', 1);
    clock.advance('30d');
    expect(await tickets.clean()).toEqual({ used: 2, revoked: 0, expired: 0 });
    clock.advance(1);
    expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 1 });
    await many('revoked', 1);
    expect(await tickets.clean({ before: clock.now() })).toEqual({ used: 0, revoked: 1, expired: 0 });
  });

  it('deletes those of one place or purpose alone', async () => {
    const { tickets, issue, use, clock, left } = await emptyOffice();
    for (const [place, purpose] of [
      ['louvre', 'visit'],
      ['louvre', 'clean'],
      ['louvre ', 'visit'],
    ]) {
      await use(await issue({ place, purpose }));
      await issue({ place, purpose, expiresIn: 1 });
      await tickets.revoke((await issue({ place, purpose })).uuid);
    }
    clock.advance(1);
    expect(await tickets.clean({ place: 'louvre', purpose: 'visit' })).toEqual({
      used: 1,
      revoked: 1,
      expired: 1,
    });
    expect(await tickets.clean({ place: 'louvre ' })).toEqual({ used: 1, revoked: 1, expired: 1 });
    expect(await tickets.clean({ purpose: 'visit' })).toEqual({ used: 0, revoked: 0, expired: 0 });
    expect((await left()).size).toBe(3);
  });

  it('deletes in batches what ended at one instant', async () => {
    const { tickets, clock, log, many, left } = await emptyOffice();
    await many('expired', 7);
    await many('used', 5);
    clock.advance(1);
    const statements = await log.during(() => tickets.clean({ batchSize: 3 }));
    // MySQL's deletions say how many they were, and not of which status.
    expect(statements.filter(isDelete)).toHaveLength(database.type === 'mariadb' ? 3 * 3 + 2 : 3 + 2);
    expect((await left()).size).toBe(0);
  });

  it('counts from when it was first over: one that expired long ago and was revoked today has been so for long', async () => {
    const { tickets, clock, issue } = await emptyOffice();
    const { uuid } = await issue({ expiresIn: '1d' });
    clock.advance('10d');
    await tickets.revoke(uuid);
    const before = new Date(clock.now().getTime() - 86_400_000);
    expect(await tickets.clean({ before })).toEqual({ used: 0, revoked: 1, expired: 0 });
  });

  it('[LC-3] deletes a used ticket that another clock has issued later than now', async () => {
    const { tickets, clock, issue, use, dataSource } = await emptyOffice();
    const ticket = await issue({ expiresIn: null });
    await use(ticket);
    await rewriteRow(dataSource, ticket.uuid, { createdAt: clock.now().getTime() + 1000 });
    expect(await tickets.clean()).toEqual({ used: 1, revoked: 0, expired: 0 });
  });

  it('ends among rows with instants beyond all numbers', async () => {
    const { tickets, issue, dataSource } = await emptyOffice();
    for (let number = 0; number < 3; number += 1) {
      const { uuid } = await issue({ expiresIn: null });
      await dataSource.query(
        `UPDATE ticket_office_ticket SET ${dataSource.driver.escape('createdAt')} = 9223372036854775806,
         ${dataSource.driver.escape('usedAt')} = 1 WHERE uuid = '${uuid}'`,
      );
    }
    expect((await tickets.clean({ batchSize: 2 })).used).toBeGreaterThan(0);
  });

  it('sends few statements where nothing is over', async () => {
    const { tickets, log, many } = await emptyOffice();
    await many('fresh', 3);
    const statements = await log.during(() => tickets.clean());
    expect(statements.filter((sql) => !/^(BEGIN|COMMIT|START)/.test(sql))).toHaveLength(4);
  });

  it('deletes nothing that is still good, whatever `before` says', async () => {
    const { tickets, clock, many, left } = await emptyOffice();
    await many('fresh', 2);
    await many('used', 1);
    const before = new Date(clock.now().getTime() + 1_000_000_000);
    expect(await tickets.clean({ before })).toEqual({ used: 1, revoked: 0, expired: 0 });
    expect((await left()).size).toBe(2);
  });

  it('[LC-4] leaves a ticket that is claimed, though it has expired or was revoked', async () => {
    const { tickets, clock, issue, left, dataSource } = await emptyOffice();
    const [revoked, expired] = [await issue(), await issue({ expiresIn: '1m' })];
    const claims = [await tickets.claim(revoked), await tickets.claim(expired)];
    await tickets.revoke(revoked.uuid);
    clock.advance('2d');
    expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 0 });
    expect(await left()).toEqual(new Set([revoked.uuid, expired.uuid]));
    for (const claim of claims) {
      await claim.stamp();
      expect((await rawRow(dataSource, claim.ticket.uuid))['usedAt']).not.toBeNull();
    }
    expect(await tickets.clean()).toEqual({ used: 2, revoked: 0, expired: 0 });
  });

  it('[LC-4] deletes them once they are released', async () => {
    const { tickets, clock, issue, left } = await emptyOffice();
    const claim = await tickets.claim(await issue({ expiresIn: '1m' }));
    clock.advance('1h');
    await claim.release();
    expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 1 });
    expect((await left()).size).toBe(0);
  });

  it('[LC-4] leaves a ticket that is claimed between being found and being deleted', async () => {
    const { tickets, clock, issue, left, dataSource } = await emptyOffice();
    const ticket = await issue({ expiresIn: '1m' });
    clock.advance('2m');
    aroundQueries(dataSource, async (sql, run) => {
      if (isDelete(sql)) await rewriteRow(dataSource, ticket.uuid, { claimId: 'another', claimedAt: 1 });
      return run();
    });
    expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 0 });
    expect(await left()).toEqual(new Set([ticket.uuid]));
  });

  it('[LC-4] leaves a ticket that expires while it is redeemed to its redemption', async () => {
    const { tickets, clock, issue, dataSource } = await emptyOffice();
    const ticket = await issue({ expiresIn: '1m' });
    const [inside, gate] = [barrier(), barrier()];
    const redeemed = tickets.redeem(ticket, 'louvre', 'visit', async ({ uuid }, manager) => {
      await writeVisit(manager, uuid);
      inside.open();
      await gate.opened;
      return 'Welcome';
    });
    await inside.opened;
    clock.advance('2m');
    const cleaned = tickets.clean();
    gate.open();
    expect(await redeemed).toBe('Welcome');
    const { used, expired } = await cleaned;
    expect({ expired, over: used + (await tickets.clean()).used }).toEqual({ expired: 0, over: 1 });
    expect(await visitsOf(dataSource, ticket.uuid)).toBe(1);
  });

  // On SQLite a transaction holds the whole file.
  it.runIf(database.type !== 'better-sqlite3')(
    '[D-3] leaves a ticket that a transaction holds to the next run, and deletes the others meanwhile',
    async () => {
      const { tickets, clock, dataSource, issue, use, left } = await emptyOffice();
      const expiring = Array.from({ length: 8 }, () => issue({ expiresIn: '1m' }));
      const [written, referred] = await Promise.all(expiring);
      const used = await issue();
      await use(used);
      clock.advance('2m');
      await dataSource.transaction(async (manager) => {
        const update = manager.createQueryBuilder().update(Ticket).set({ data: {} });
        await update.where('uuid IN (:...uuids)', { uuids: [written!.uuid, used.uuid] }).execute();
        // As a foreign key does.
        const share = { postgres: 'FOR KEY SHARE', mariadb: 'LOCK IN SHARE MODE' }[
          database.type as 'postgres'
        ];
        await manager.query(
          `SELECT uuid FROM ticket_office_ticket WHERE uuid = '${referred!.uuid}' ${share}`,
        );
        expect(await tickets.clean({ batchSize: 3 })).toEqual({ used: 0, revoked: 0, expired: 6 });
      });
      expect(await left()).toEqual(new Set([written!.uuid, referred!.uuid, used.uuid]));
      expect(await tickets.clean()).toEqual({ used: 1, revoked: 0, expired: 2 });
    },
  );

  it('[LC-4] deletes a ticket whose claim was abandoned', async () => {
    const { tickets, clock, issue } = await emptyOffice(await open({ abandonedAfter: '10m' }));
    await tickets.claim(await issue({ expiresIn: '1m' }));
    clock.advance(10 * 60_000 - 1);
    expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 0 });
    clock.advance(1);
    expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 1 });
  });

  it('[LC-4] goes on where it was interrupted', async () => {
    const { tickets, many, left } = await emptyOffice();
    await many('used', 7);
    const controller = new AbortController();
    const reason = new Error('The night is over');
    const interrupted = tickets.clean({
      batchSize: 2,
      signal: controller.signal,
      onProgress: ({ used }) => used === 4 && controller.abort(reason),
    });
    await expect(interrupted).rejects.toBe(reason);
    expect((await left()).size).toBe(3);
    expect(await tickets.clean({ batchSize: 2 })).toEqual({ used: 3, revoked: 0, expired: 0 });
  });

  it('[LC-4] deletes nothing when it is interrupted before it begins', async () => {
    const { tickets, many, left } = await emptyOffice();
    await many('used', 1);
    await expect(tickets.clean({ signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect((await left()).size).toBe(1);
  });

  it('[LC-4] counts each row once, two at a time', async () => {
    const { tickets, clock, many, left, dataSource } = await emptyOffice();
    await many('used', 20);
    await many('revoked', 10);
    await many('expired', 15);
    clock.advance('1h');
    // Both have found the same tickets before either deletes.
    const meet = rendezvous(2);
    let finds = 0;
    aroundQueries(dataSource, async (sql, run) => {
      const found = await run();
      if (!isFind(sql)) return found;
      finds += 1;
      if (finds <= 2) await meet();
      return found;
    });
    const counts = await Promise.all([tickets.clean({ batchSize: 6 }), tickets.clean({ batchSize: 6 })]);
    const sum = (key: 'used' | 'revoked' | 'expired') => counts[0][key] + counts[1][key];
    expect([sum('used'), sum('revoked'), sum('expired')]).toEqual([20, 10, 15]);
    expect((await left()).size).toBe(0);
  });

  it('deletes no more than batchSize in one statement, and reports each', async () => {
    const { tickets, clock, log, many } = await emptyOffice();
    await many('used', 5);
    await many('expired', 2);
    clock.advance('1h');
    const progress: CleanedCounts[] = [];
    const statements = await log.during(() =>
      tickets.clean({ batchSize: 2, onProgress: (counts) => progress.push(counts) }),
    );
    expect(statements.filter(isDelete).length).toBeGreaterThanOrEqual(4);
    const totals = progress.map(({ used, revoked, expired }) => used + revoked + expired);
    const steps = totals.map((total, index) => total - (totals[index - 1] ?? 0));
    expect(Math.max(...steps)).toBe(2);
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toEqual({ used: 5, revoked: 0, expired: 2 });
  });

  it('leaves the process a turn for other work between its statements', async () => {
    const { tickets, many } = await emptyOffice();
    await many('used', 6);
    let turns = 0;
    let next: NodeJS.Immediate;
    const count = () => {
      turns += 1;
      next = setImmediate(count);
    };
    next = setImmediate(count);
    await tickets.clean({ batchSize: 2 });
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('passes on counts that a listener cannot change', async () => {
    const { tickets, many } = await emptyOffice();
    await many('used', 2);
    const counts = await tickets.clean({
      batchSize: 1,
      onProgress: (progress) => Object.assign(progress, { used: 100 }),
    });
    expect(counts.used).toBe(2);
  });

  describe('when the database fails for a moment', () => {
    it.each(faultsOn(database).slice(0, 1))('(%s) counts right', async (_, make) => {
      const { tickets, many, dataSource } = await emptyOffice();
      await many('used', 3);
      spoil(dataSource, isDelete, make, { times: 3 });
      expect(await tickets.clean()).toEqual({ used: 3, revoked: 0, expired: 0 });
    });

    it.each(lostFaultsOn(database).slice(0, 1))('(%s) makes up no counts', async (_, make) => {
      const { tickets, many, dataSource } = await emptyOffice();
      await many('used', 3);
      spoil(dataSource, isDelete, make, { times: 1, isRun: true });
      await expect(tickets.clean()).rejects.toThrow(TicketOfficeBusyError);
      expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 0 });
    });
  });

  it('waits for onProgress, and fails when that fails', async () => {
    const { tickets, many, left } = await emptyOffice();
    await many('used', 5);
    const cleaning = tickets.clean({
      batchSize: 2,
      onProgress: async () => {
        await Promise.resolve();
        throw new Error('Nobody listens');
      },
    });
    await expect(cleaning).rejects.toThrow('Nobody listens');
    expect((await left()).size).toBe(3);
  });

  it('[F-8] takes an undefined `before` for no filter never', async () => {
    const { tickets, many, left } = await emptyOffice();
    await many('used', 1);
    await expect(tickets.clean({ before: undefined })).rejects.toThrow(
      'clean(): before must have a value, not undefined',
    );
    expect((await left()).size).toBe(1);
  });

  it.each<[object | null, RegExp]>([
    [null, /must be an object/],
    [{ before: 'yesterday' }, /before must be a valid Date/],
    [{ before: new Date(NaN) }, /before must be a valid Date/],
    [{ before: 0 }, /before/],
    [{ batchSize: 0 }, /batchSize/],
    [{ batchSize: 10_001 }, /batchSize/],
    [{ batchSize: '10' }, /batchSize/],
    [{ signal: {} }, /signal must be an AbortSignal/],
    [{ onProgress: 'tell' }, /onProgress must be a function/],
    [{ place: '' }, /place must be a non-empty string/],
    [{ purpose: 7 }, /purpose must be a non-empty string/],
    [{ place: undefined }, /place must have a value, not undefined/],
    [{ subject: 'Léonard' }, /'subject' is unknown/],
  ])('[M-4] names the problem of %j before any query', async (input, fault) => {
    const { tickets, log } = await emptyOffice();
    const queries = await log.during(async () => {
      const call = tickets.clean(input as CleanInput);
      await expect(call).rejects.toThrow(TicketInputError);
      await expect(call).rejects.toThrow(/^clean\(\): /);
      await expect(call).rejects.toThrow(fault);
    });
    expect(queries).toEqual([]);
  });
});
