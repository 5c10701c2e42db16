import { TicketBusyError, TicketUsedError } from 'nestjs-ticketoffice';
import type { DataSource, EntityManager, EntitySubscriberInterface } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { captureLog } from '../../invitations/captured-log.js';
import { afterwards } from '../../support/suite-scope.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { isClaim, isRelease, isStamp } from '../../support/statement-kinds.js';
import { Visit, visitsOf, writeVisit } from '../../support/visits.js';
import { isAtLeast } from '../../support/versions.js';

const visit = { place: 'louvre', purpose: 'visit' };
const BROKEN = 'The audit trail is full';

function fail(): never {
  throw new Error(BROKEN);
}
const reject = (): Promise<never> => Promise.reject(new Error(BROKEN));

eachDatabase('[A-9] A subscriber of the app', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, {}, { entities: [Visit], poolSize: 1 });
  });

  /** As an app does that adds one at its start; to the end of the test. */
  function subscribe(subscriber: EntitySubscriberInterface): void {
    const { subscribers } = office.dataSource as DataSource & { subscribers: EntitySubscriberInterface[] };
    subscribers.push(subscriber);
    afterwards(() => void subscribers.splice(subscribers.indexOf(subscriber), 1));
  }
  const after = (applies: (sql: string) => boolean, act: () => unknown): EntitySubscriberInterface => ({
    afterQuery: ({ query, success }) => (success && applies(query) ? act() : undefined) as void,
  });

  async function newTicket() {
    const { ticket } = await office.tickets.issue(visit);
    const { uuid } = ticket;
    const write = (_: unknown, manager: EntityManager) => writeVisit(manager, uuid);
    const redeem = (work: (ticket: unknown, manager: EntityManager) => unknown = write) =>
      office.tickets.redeem(ticket, 'louvre', 'visit', work);
    const state = async () => {
      const { used, revoked } = (await office.tickets.find(uuid))!;
      return { used, revoked, visits: await visitsOf(office.dataSource, uuid) };
    };
    return { ticket, uuid, redeem, state };
  }

  /** The events of one ticket. */
  function listen(): string[] {
    const heard: string[] = [];
    const subscription = office.tickets.events$.subscribe(({ type }) => void heard.push(type));
    afterwards(() => subscription.unsubscribe());
    return heard;
  }

  const late: [string, EntitySubscriberInterface][] = [
    ['throws in afterTransactionCommit', { afterTransactionCommit: fail }],
    ['rejects in afterTransactionCommit', { afterTransactionCommit: reject }],
    ['throws in afterQuery of COMMIT', after((sql) => sql === 'COMMIT', fail)],
    ['rejects in afterQuery of COMMIT', after((sql) => sql === 'COMMIT', reject)],
    ['throws in afterQuery of the stamp', after(isStamp, fail)],
    ['rejects in afterQuery of the stamp', after(isStamp, reject)],
    ['throws in afterTransactionStart', { afterTransactionStart: fail }],
  ];
  it.each(late)('that %s undoes no redemption', async (_, subscriber) => {
    const { redeem, state } = await newTicket();
    const [heard, logged] = [listen(), captureLog()];
    subscribe(subscriber);
    await redeem();
    expect(heard).toEqual(['stamped']);
    expect(logged).toContainEqual(entry());
    expect(await state()).toEqual({ used: true, revoked: false, visits: 1 });
  });

  it('that throws before the commit is an error of the work: nothing is done', async () => {
    for (const hook of ['beforeTransactionCommit', 'beforeQuery'] as const) {
      const { redeem, state } = await newTicket();
      const vetoing: EntitySubscriberInterface =
        hook === 'beforeQuery'
          ? { beforeQuery: ({ query }) => (query === 'COMMIT' ? fail() : undefined) }
          : { beforeTransactionCommit: fail };
      const heard = listen();
      subscribe(vetoing);
      await expect(redeem()).rejects.toThrow(BROKEN);
      const { subscribers } = office.dataSource;
      subscribers.splice(subscribers.indexOf(vetoing), 1);
      expect(await state()).toEqual({ used: false, revoked: false, visits: 0 });
      expect(heard).toEqual([]);
      await redeem();
      expect(await state()).toMatchObject({ used: true, visits: 1 });
    }
  });

  it.each([
    ['beforeTransactionRollback', 'throws', { beforeTransactionRollback: fail }],
    ['afterTransactionRollback', 'rejects', { afterTransactionRollback: reject }],
  ])('that has %s fail keeps nothing from being rolled back', async (_, __, subscriber) => {
    const { redeem, state } = await newTicket();
    subscribe(subscriber);
    await expect(redeem(() => Promise.reject(new Error('The roof leaks')))).rejects.toThrow('The roof leaks');
    expect(await state()).toEqual({ used: false, revoked: false, visits: 0 });
    await redeem();
    expect(await state()).toMatchObject({ used: true, visits: 1 });
  });

  describe.each([
    ['throws', fail],
    ['rejects', reject],
  ])('that %s after a statement', (_, act) => {
    it('undoes no claim, stamp or release', async () => {
      const { ticket, state } = await newTicket();
      const [heard, logged] = [listen(), captureLog()];
      subscribe(after((sql) => isClaim(sql) || isStamp(sql) || isRelease(sql), act));
      await (await office.tickets.claim(ticket)).release();
      const claim = await office.tickets.claim(ticket);
      await expect(office.tickets.claim(ticket)).rejects.toThrow(TicketBusyError);
      await claim.stamp();
      await expect(office.tickets.claim(ticket)).rejects.toThrow(TicketUsedError);
      expect(heard.filter((type) => type !== 'refused')).toEqual([
        'claimed',
        'released',
        'claimed',
        'stamped',
      ]);
      expect(logged).toContainEqual(entry());
      expect((await state()).used).toBe(true);
    });

    it('undoes no issue, revocation, reissue or cleaning', async () => {
      subscribe({
        ...after((sql) => /^(INSERT|UPDATE|DELETE)/.test(sql), act),
        afterInsert: act as () => void,
      });
      const { credentials } = await office.tickets.issue(visit);
      const { uuid } = credentials;
      const ticket = await office.tickets.authenticate(credentials, 'louvre', 'visit');
      await office.tickets.claim(ticket);
      expect(await office.tickets.reopen(uuid)).toBe(true);
      const { credentials: renewed } = await office.tickets.reissue(uuid);
      await office.tickets.authenticate(renewed, 'louvre', 'visit');
      expect(await office.tickets.revoke(uuid)).toBe(true);
      expect((await office.tickets.clean({ before: new Date() })).revoked).toBeGreaterThan(0);
      expect(await office.tickets.find(uuid)).toBeNull();
    });
  });

  it('that throws after a statement of the work is an error of the work', async ({ skip }) => {
    const isUnheard = database.type === 'mariadb' && !isAtLeast('1.0.0', 'typeorm');
    skip(isUnheard, 'TypeORM 0.3 does not answer the statement of the work then');
    const { redeem, state } = await newTicket();
    subscribe(after((sql) => sql.startsWith('INSERT'), fail));
    await expect(redeem()).rejects.toThrow(BROKEN);
    expect(await state()).toMatchObject({ used: false, visits: 0 });
  });

  it('may be a logger instead, which throws at a slow query', async () => {
    let isBroken = false;
    const logger = { ...SILENT, logQuerySlow: () => (isBroken ? fail() : undefined) };
    const entities = [Visit];
    const slow = await startOffice(database, {}, { entities, logger, maxQueryExecutionTime: 1e-9 });
    captureLog();
    isBroken = true;
    const { ticket } = await slow.tickets.issue(visit);
    await slow.tickets.redeem(ticket, 'louvre', 'visit', () => undefined);
    expect((await slow.tickets.find(ticket.uuid))!.used).toBe(true);
  });
});

const entry = () => ({
  level: 'error',
  text: expect.stringContaining('what was written stays written'),
  error: expect.anything(),
});

const nothing = () => undefined;
const SILENT = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};
