import { StampInvitation } from 'nestjs-ticketoffice';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { eachPlatform } from '../../support/platforms.js';
import { aroundQueries } from '../../support/around-queries.js';
import { isClaim, isStamp } from '../../support/statement-kinds.js';
import { ask, authorization, cookieOf, queryOf } from '../ask.js';
import { startVisitApp, Behaviour, type VisitApp, ticketFor, visitController } from '../visit.app.js';

const controllers = [visitController(StampInvitation)];
type Guest = Awaited<ReturnType<typeof ticketFor>>;
type Spoil = (visitApp: VisitApp, guest: Guest) => Promise<unknown>;

eachPlatform('the stamp that is lost', (database, adapter) => {
  let visitApp: VisitApp;
  beforeAll(async () => {
    visitApp = await startVisitApp(adapter, database, { controllers });
  });
  afterEach(() => {
    Object.assign(visitApp.behaviour, new Behaviour());
  });

  const spoilers: [string, number, string, Spoil][] = [
    ['revoked', 403, 'TICKET_REVOKED', ({ tickets }, { uuid }) => tickets.revoke(uuid)],
    ['expired', 403, 'TICKET_EXPIRED', ({ tamper }, { uuid }) => tamper(uuid, { expiresAt: 1 })],
    ['reissued', 403, 'TICKET_INVALID', ({ tamper }, { uuid }) => tamper(uuid, { generation: 2 })],
    ['used', 403, 'TICKET_USED', ({ tamper }, { uuid }) => tamper(uuid, { usedAt: 1, claimId: 'other' })],
    [
      'claimed',
      409,
      'TICKET_BUSY',
      ({ tamper }, { uuid }) => tamper(uuid, { claimId: 'other', claimedAt: Date.now() }),
    ],
    [
      'deleted',
      403,
      'TICKET_INVALID',
      ({ dataSource }, { uuid }) =>
        dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${uuid}'`),
    ],
    [
      'moved elsewhere',
      403,
      'TICKET_INVALID',
      ({ dataSource }, { uuid }) =>
        dataSource.query(`UPDATE ticket_office_ticket SET place = 'Louvre' WHERE uuid = '${uuid}'`),
    ],
  ];
  it.each(spoilers)(
    '[R-19] to a ticket that was %s between the guard and the claim runs nothing',
    async (_, status, errorCode, spoil) => {
      for (const way of ['by header', 'by pass']) {
        const guest = await ticketFor(visitApp);
        const Cookie = cookieOf(await ask(visitApp.app, `/visit?${queryOf(guest.credentials)}`));
        let spoiled: unknown;
        visitApp.behaviour.enter = async () => {
          await spoil(visitApp, guest);
          spoiled = await visitApp.row(guest.uuid);
        };
        const headers = way === 'by pass' ? { Cookie } : guest.headers;
        const answer = await ask(visitApp.app, '/visit', { headers });
        const body = { status: answer.status, ...JSON.parse(answer.body) };
        expect(body, way).toMatchObject({ status, errorCode });
        expect(answer.headers['retry-after']).toBe(status === 409 ? '1' : undefined);
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(await visitApp.row(guest.uuid)).toEqual(spoiled);
        expect(guest.ran()).toBe(0);
      }
    },
  );

  it("[R-19] to a ticket that is gone gives the stranger's answer", async () => {
    const guest = await ticketFor(visitApp);
    const wrong = authorization({ uuid: guest.uuid, password: `tkt_${'A'.repeat(43)}` });
    const stranger = await ask(visitApp.app, '/visit', { headers: wrong });
    visitApp.behaviour.enter = () => visitApp.tamper(guest.uuid, { generation: 2 });
    expect(await guest.visit()).toEqual(stranger);
  });

  it('[ST-12] lets a revocation stand that comes while the handler runs, and both facts', async () => {
    const guest = await ticketFor(visitApp);
    visitApp.behaviour.act = async () => {
      expect(await visitApp.tickets.revoke(guest.uuid)).toBe(true);
      return 'Welcome';
    };
    expect(await guest.visit()).toMatchObject({ status: 200, body: 'Welcome' });
    expect(await guest.row()).toMatchObject({ usedAt: expect.any(Number), revokedAt: expect.any(Number) });
    expect((await guest.visit()).status).toBe(403);
    expect(guest.ran()).toBe(1);
  });

  it('[R-5] answers no success when another claim has taken the ticket over', async () => {
    const guest = await ticketFor(visitApp);
    visitApp.behaviour.act = () => visitApp.tamper(guest.uuid, { claimId: 'another', claimedAt: 2 });
    const answer = await guest.visit();
    expect({ status: answer.status, ...JSON.parse(answer.body) }).toMatchObject({
      status: 409,
      errorCode: 'TICKET_BUSY',
    });
    expect(await guest.row()).toMatchObject({ claimId: 'another', claimedAt: 2, usedAt: null });
    visitApp.behaviour.act = async () => {
      await visitApp.tamper(guest.uuid, { claimId: 'yet another' });
      throw new Error('The roof leaks');
    };
    await visitApp.tamper(guest.uuid, { claimId: null, claimedAt: null });
    expect((await guest.visit()).status).toBe(500);
    expect(await guest.row()).toMatchObject({ claimId: 'yet another', usedAt: null });
  });
});

eachPlatform('the stamp on a database that fails', (database, adapter) => {
  let visitApp: VisitApp;
  beforeAll(async () => {
    visitApp = await startVisitApp(adapter, database, { controllers });
  });

  const staged = async (around: Parameters<typeof aroundQueries>[1]) => {
    const guest = await ticketFor(visitApp);
    aroundQueries(visitApp.dataSource, around);
    return guest;
  };
  const gone = () => Promise.reject(new Error('The database is gone'));

  it('answers an error when the claim fails, and runs nothing', async () => {
    const guest = await staged((sql, run) => (isClaim(sql) ? gone() : run()));
    expect((await guest.visit()).status).toBe(500);
    expect(guest.ran()).toBe(0);
    await guest.expectUntouched();
  });

  it('answers an error when the stamp fails, and keeps the ticket closed', async () => {
    const guest = await staged((sql, run) => (isStamp(sql) ? gone() : run()));
    const answer = await guest.visit();
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('Welcome');
    expect(answer.body).not.toContain('database');
    expect(guest.ran()).toBe(1);
    expect(await guest.row()).toMatchObject({ usedAt: null, claimId: expect.any(String) });
    expect((await guest.visit()).status).toBe(409);
    expect(guest.ran()).toBe(1);
  });

  it.each([undefined, null, 0, 2, '1', true, NaN])(
    '[M-9] has lost the claim when the driver reports %s rows',
    async (affected) => {
      const guest = await staged(async (sql, run) => {
        const result = (await run()) as object;
        return isClaim(sql) ? { ...result, affected } : result;
      });
      const answer = await guest.visit();
      expect({ status: answer.status, ...JSON.parse(answer.body) }).toMatchObject({
        status: 409,
        errorCode: 'TICKET_BUSY',
      });
      expect(guest.ran()).toBe(0);
      expect((await guest.row()).usedAt).toBeNull();
    },
  );

  it.each([undefined, 0])('[M-9] has lost the stamp when the driver reports %s rows', async (affected) => {
    const guest = await staged(async (sql, run) => {
      const result = (await run()) as object;
      return isStamp(sql) ? { ...result, affected } : result;
    });
    const answer = await guest.visit();
    expect(answer.status).toBe(409);
    expect(answer.body).not.toContain('Welcome');
    expect(guest.ran()).toBe(1);
  });
});
