import { randomUUID } from 'node:crypto';
import {
  DuplicateTicketError,
  type IssueInput,
  type Ticket,
  type TicketEvent,
  TicketInputError,
  TicketOfficeBusyError,
  type TicketService,
} from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Verifiers } from '../../../lib/tickets/secrets/verifier.js';
import { captureLog } from '../../invitations/captured-log.js';
import { aroundQueries } from '../../support/around-queries.js';
import { rendezvous } from '../../support/barrier.js';
import { TestClock } from '../../support/clock.js';
import { eachDatabase, eachServer, oneDatabase } from '../../support/databases.js';
import { lostFaultsOn, spoil } from '../../support/driver-faults.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { skipRetryWaits } from '../../support/retry-waits.js';
import { afterwards } from '../../support/suite-scope.js';
import { burst, type Issue } from './duplicates.burst.js';

const RULES = ['revoke', 'reject'] as const;
/** A scope and a subject that no other test has. */
const fresh = () => ({ place: `account ${randomUUID()}`, purpose: 'reset', subject: 'leonard' });

eachDatabase('onDuplicate', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  let other: TicketOffice;
  let tickets: TicketService;
  let events: TicketEvent[];
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
    // As another process: with connections, and on SQLite a queue, of its own.
    other = await startOffice(database, { now: clock.now }, { synchronize: false });
    ({ tickets } = office);
    tickets.events$.subscribe((event) => events.push(event));
  });
  beforeEach(() => {
    events = [];
  });
  const statusOf = async ({ uuid }: Ticket) => (await tickets.find(uuid))!.status(clock.now());
  const told = () => events.map(({ type, uuid }) => [type, uuid]);
  const issue = async (input: IssueInput, manager?: EntityManager) =>
    (await tickets.issue(input, manager)).ticket;

  it('allows duplicates by default', async () => {
    const one = fresh();
    const both = [await issue(one), await issue({ ...one, onDuplicate: 'allow' })];
    expect(await Promise.all(both.map(statusOf))).toEqual(['valid', 'valid']);
  });

  it('revokes the valid ones, claimed ones too, in all of whose fields the new one is alike', async () => {
    const one = fresh();
    const alike = [await issue(one), await issue({ ...one, subject: 'leonard' })];
    const claim = await tickets.claim(alike[1]!);
    const expired = await issue({ ...one, expiresIn: '1s' });
    clock.advance('1s');
    const apart = [
      await issue({ ...one, place: `${one.place} ` }),
      await issue({ ...one, purpose: 'Reset' }),
      await issue({ ...one, subject: 'leonard ' }),
      await issue({ place: one.place, purpose: one.purpose }),
    ];
    events = [];
    const last = await issue({ ...one, onDuplicate: 'revoke' });
    expect(await Promise.all([...alike, ...apart, last].map(statusOf))).toEqual([
      ...['revoked', 'revoked', 'valid', 'valid', 'valid', 'valid'],
      'valid',
    ]);
    expect(new Set(events.slice(0, -1).map(({ uuid }) => uuid))).toEqual(
      new Set(alike.map(({ uuid }) => uuid)),
    );
    expect(events.map(({ type }) => type)).toEqual(['revoked', 'revoked', 'issued']);
    expect(told().at(-1)).toEqual(['issued', last.uuid]);
    expect((await tickets.find(expired.uuid))!.revokedAt).toBeNull();
    // The handler that runs with it runs to its end.
    await claim.stamp();
    expect(await statusOf(alike[1]!)).toBe('used');
  });

  it('rejects, and names the ticket that stands, until that is over', async () => {
    const one = { ...fresh(), subject: 42, onDuplicate: 'reject', expiresIn: '1m' } as const;
    const first = await issue(one);
    const rejected = tickets.issue({ ...one, subject: '42' });
    await expect(rejected).rejects.toThrow(DuplicateTicketError);
    await expect(rejected).rejects.toMatchObject({ code: 'TICKET_DUPLICATE', uuid: first.uuid });
    expect(await tickets.list({ place: one.place })).toHaveLength(1);
    clock.advance('1m');
    const second = await issue(one);
    await (await tickets.claim(second)).stamp();
    const third = await issue(one);
    await tickets.revoke(third.uuid);
    await issue(one);
    expect(told().filter(([type]) => type === 'issued')).toHaveLength(4);
  });

  describe.each(RULES)("'%s'", (onDuplicate) => {
    const ours: Issue = (through, input) => through.issue(input);
    const inApp: Issue = (through, input) => {
      const { dataSource } = through === tickets ? office : other;
      return dataSource.transaction((manager) => through.issue(input, manager));
    };

    it('holds in a burst of 64 through two offices', async () => {
      expect(await burst([tickets, other.tickets], onDuplicate, ours)).toEqual([]);
    });

    // On SQLite, TypeORM makes one transaction of all that an app begins at once.
    it.runIf(database.type !== 'better-sqlite3')(
      'holds in a burst of 64 transactions of the app',
      async () => {
        expect(await burst([tickets, other.tickets], onDuplicate, inApp)).toEqual([]);
      },
    );

    it('holds among calls at once in one transaction of the app', async () => {
      const one = { ...fresh(), onDuplicate };
      await office.dataSource.transaction((manager) =>
        Promise.allSettled(Array.from({ length: 8 }, () => tickets.issue(one, manager))),
      );
      expect(await tickets.list({ place: one.place, status: 'valid' })).toHaveLength(1);
    });

    it.runIf(database.type !== 'better-sqlite3')(
      'is no dead-lock among subjects beside each other',
      async () => {
        const { place, purpose } = fresh();
        const subjects = Array.from({ length: 32 }, (_, index) => ({
          place,
          purpose,
          subject: index,
          onDuplicate,
        }));
        await Promise.all(subjects.map((one) => inApp(tickets, one)));
        expect(await tickets.count({ place, status: 'valid' })).toBe(32);
      },
    );

    it('is caught where it is a SELECT, then an INSERT', async () => {
      const arrive = rendezvous(8);
      const naive: Issue = async (through, { onDuplicate: rule, ...input }) => {
        const { place, purpose, subject } = input;
        const found = await through.list({ place, purpose, subject: subject!, status: 'valid' });
        await arrive();
        if (rule === 'reject' && found[0]) throw new DuplicateTicketError(found[0].uuid);
        for (const { uuid } of found) await through.revoke(uuid);
        return through.issue(input);
      };
      const faults = await burst([tickets, other.tickets], onDuplicate, naive, 8);
      expect(faults).toContain('valid: 8, not 1');
    });

    it('leaves nothing when the app’s transaction rolls back', async () => {
      const one = fresh();
      const before = onDuplicate === 'revoke' ? await issue(one) : undefined;
      events = [];
      const work = office.dataSource.transaction(async (manager) => {
        await tickets.issue({ ...one, onDuplicate }, manager);
        throw new Error('the app has changed its mind');
      });
      await expect(work).rejects.toThrow('the app has changed its mind');
      const left = await tickets.list({ place: one.place });
      expect(left.map(({ uuid, revoked }) => [uuid, revoked])).toEqual(before ? [[before.uuid, false]] : []);
      expect(events).toEqual([]);
      // The lock has ended with the transaction.
      await other.tickets.issue({ ...one, onDuplicate });
    });

    it('needs a transaction that TypeORM has begun', async () => {
      const runner = office.dataSource.createQueryRunner();
      try {
        const call = tickets.issue({ ...fresh(), onDuplicate }, runner.manager);
        await expect(call).rejects.toThrow(/^issue\(\): manager is in no transaction: begin it with /);
      } finally {
        await runner.release();
      }
      await tickets.issue({ ...fresh(), onDuplicate }, office.dataSource.manager);
    });
  });

  it('lets a transaction of the app go on after a rejection, without the ticket', async () => {
    const one = { ...fresh(), onDuplicate: 'reject' } as const;
    const first = await issue(one);
    const apart = await office.dataSource.transaction(async (manager) => {
      await expect(issue(one, manager)).rejects.toMatchObject({ uuid: first.uuid });
      return issue({ ...one, subject: 'lisa' }, manager);
    });
    const listed = await tickets.list({ place: one.place });
    expect(new Set(listed.map(({ uuid }) => uuid))).toEqual(new Set([first.uuid, apart.uuid]));
  });

  it('revokes what others have issued since the transaction of the app has begun', async () => {
    const one = fresh();
    const first = await office.dataSource.transaction(async (manager) => {
      if (database.type !== 'better-sqlite3') await manager.query('SELECT * FROM ticket_office_ticket');
      const meanwhile = (await other.tickets.issue(one)).ticket;
      await issue({ ...one, onDuplicate: 'revoke' }, manager);
      return meanwhile;
    });
    expect(await statusOf(first)).toBe('revoked');
  });

  it('shares the transaction of a redemption', async () => {
    const one = fresh();
    const { ticket } = await tickets.issue(one);
    const next = await tickets.redeem(ticket, one.place, one.purpose, (_, manager) =>
      issue({ ...one, onDuplicate: 'reject' }, manager),
    );
    expect(await Promise.all([ticket, next].map(statusOf))).toEqual(['used', 'valid']);
    await other.tickets.issue({ ...one, onDuplicate: 'revoke' });
  });

  it('is done though a subscriber of the app’s throws after the commit', async () => {
    captureLog();
    const one = fresh();
    const first = await issue(one);
    const subscriber = {
      afterTransactionCommit() {
        throw new Error('a slip of the app');
      },
    };
    office.dataSource.subscribers.push(subscriber);
    afterwards(() =>
      office.dataSource.subscribers.splice(office.dataSource.subscribers.indexOf(subscriber), 1),
    );
    const second = await issue({ ...one, onDuplicate: 'revoke' });
    expect(await Promise.all([first, second].map(statusOf))).toEqual(['revoked', 'valid']);
    expect(await tickets.revokeAll(one)).toBe(1);
    // Its lock has ended, too.
    await other.tickets.issue({ ...one, onDuplicate: 'reject' });
  });

  it('hashes a human’s password before it takes the lock', async () => {
    const one = { ...fresh(), password: 'I love Paris' };
    let isOpen = false;
    const hashed: boolean[] = [];
    const verifiers: { make: (...args: Parameters<Verifiers['make']>) => Promise<string> } =
      Verifiers.prototype;
    const { make } = verifiers;
    verifiers.make = function watched(...args) {
      return make.apply(this, args).finally(() => hashed.push(isOpen));
    };
    aroundQueries(office.dataSource, async (sql, run) => {
      isOpen ||= /^(START TRANSACTION|BEGIN)/.test(sql);
      return run();
    });
    try {
      await issue({ ...one, onDuplicate: 'revoke' });
    } finally {
      verifiers.make = make;
    }
    expect([hashed, isOpen]).toEqual([[false], true]);
  });

  // On SQLite the lock is that of the file: see sqlite.connections.spec.ts.
  it.runIf(database.type !== 'better-sqlite3')(
    'is a busy office while another transaction holds the lock for longer than the database waits',
    async () => {
      const impatient = await startOffice(database, {}, { synchronize: false, poolSize: 1 });
      const timeout = { postgres: "lock_timeout = '100ms'", mariadb: 'innodb_lock_wait_timeout = 1' };
      await impatient.dataSource.query(`SET SESSION ${timeout[database.type as 'postgres']}`);
      const one = fresh();
      await office.dataSource.transaction(async (manager) => {
        await issue({ ...one, onDuplicate: 'revoke' }, manager);
        const waited = impatient.tickets.issue({ ...one, onDuplicate: 'reject' });
        await expect(waited).rejects.toThrow(TicketOfficeBusyError);
        const within = impatient.dataSource.transaction((its) =>
          impatient.tickets.issue({ ...one, onDuplicate: 'reject' }, its),
        );
        await expect(within).rejects.toThrow(TicketOfficeBusyError);
      });
      await impatient.tickets.issue({ ...one, onDuplicate: 'revoke' });
    },
  );

  it.runIf(database.type === 'postgres')('tells which level a transaction on PostgreSQL needs', async () => {
    for (const level of ['REPEATABLE READ', 'SERIALIZABLE'] as const) {
      const work = office.dataSource.transaction(level, (manager) =>
        issue({ ...fresh(), onDuplicate: 'reject' }, manager),
      );
      await expect(work).rejects.toThrow(TicketInputError);
      await expect(work).rejects.toThrow("begin it with dataSource.transaction('READ COMMITTED', …)");
    }
  });
});

eachServer('onDuplicate', (database) => {
  const faults = lostFaultsOn(database).flatMap(([name, make]) =>
    RULES.flatMap((rule) => [true, false].map((isRun) => [rule, name, isRun, make] as const)),
  );

  it.each(faults)(
    '%s: issues once although the answer to COMMIT is lost: %s, committed: %j',
    async (...fault) => {
      skipRetryWaits();
      const [onDuplicate, , isRun, make] = fault;
      const { tickets, dataSource } = await startOffice(database);
      const one = fresh();
      const before = onDuplicate === 'revoke' ? [(await tickets.issue(one)).ticket.uuid] : [];
      const events: unknown[] = [];
      tickets.events$.subscribe(({ type, uuid }) => events.push([type, uuid]));
      spoil(dataSource, (sql) => sql === 'COMMIT', make, { times: 1, isRun });
      const { ticket, credentials } = await tickets.issue({ ...one, onDuplicate });
      expect(await tickets.authenticate(credentials, one.place, one.purpose)).toMatchObject({
        uuid: ticket.uuid,
      });
      expect(await tickets.count({ place: one.place, status: 'valid' })).toBe(1);
      const wanted = [...before.map((uuid) => ['revoked', uuid]), ['issued', ticket.uuid]];
      expect(events).toEqual([...wanted, ['admitted', ticket.uuid]]);
    },
  );
});

oneDatabase('onDuplicate', (database) => {
  it.each([
    [
      { place: 'louvre', purpose: 'visit', onDuplicate: 'revoke' },
      "subject is missing: with onDuplicate: 'revoke'",
    ],
    [
      { place: 'louvre', purpose: 'visit', onDuplicate: 'reject' },
      "subject is missing: with onDuplicate: 'reject'",
    ],
    [{ ...fresh(), onDuplicate: 'replace' }, 'onDuplicate must be one of allow, revoke, reject'],
    [{ ...fresh(), onDuplicate: null }, 'onDuplicate must be one of allow, revoke, reject'],
  ])('refuses %j', async (input, words) => {
    const { tickets } = await startOffice(database);
    const call = tickets.issue(input as IssueInput);
    await expect(call).rejects.toThrow(TicketInputError);
    await expect(call).rejects.toThrow(words);
  });
});
