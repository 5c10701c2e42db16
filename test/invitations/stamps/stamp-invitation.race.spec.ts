import { StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { eachPlatform } from '../../support/platforms.js';
import { ask, cookieOf, queryOf } from '../ask.js';
import {
  interleaveManyTickets,
  startVisitApp,
  Behaviour,
  type VisitApp,
  ticketFor,
  visitController,
} from '../visit.app.js';

const controllers = [visitController(StampInvitation)];

eachPlatform('the stamp under load', (database, adapter) => {
  let visitApp: VisitApp;
  beforeAll(async () => {
    visitApp = await startVisitApp(adapter, database, { controllers });
  });
  beforeEach(() => {
    Object.assign(visitApp.behaviour, new Behaviour());
  });

  it('[R-6] tells the holder that the link is used, and by when stays', async () => {
    const guest = await ticketFor(visitApp);
    const link = `/visit?${queryOf(guest.credentials)}`;
    const Cookie = cookieOf(await ask(visitApp.app, link));
    expect((await ask(visitApp.app, '/visit', { headers: { Cookie } })).status).toBe(200);
    const used = await guest.row();
    expect(used.usedAt).not.toBeNull();
    const again = [
      await ask(visitApp.app, link),
      await ask(visitApp.app, link, { headers: { Cookie } }),
      await ask(visitApp.app, '/visit', { headers: { Cookie } }),
      await guest.visit(),
    ];
    for (const { status, body } of again) {
      expect({ status, ...JSON.parse(body) }).toMatchObject({ status: 403, errorCode: 'TICKET_USED' });
    }
    expect(guest.ran()).toBe(1);
    expect(await guest.row()).toEqual(used);
  });

  it('[R-6] runs the handler once for a double click', async () => {
    const guest = await ticketFor(visitApp);
    const link = `/visit?${queryOf(guest.credentials)}`;
    const twice = await Promise.all([ask(visitApp.app, link), ask(visitApp.app, link)]);
    expect(twice.map(({ status }) => status)).toEqual([303, 303]);
    const clicks = await Promise.all(
      twice.map((answer) => ask(visitApp.app, '/visit', { headers: { Cookie: cookieOf(answer) } })),
    );
    const statuses = clicks.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses[0]).toBe(200);
    expect([403, 409]).toContain(statuses[1]);
    expect(guest.ran()).toBe(1);
  });

  it('[M-3] shows everybody their own ticket in 200 interleaved requests', async () => {
    expect(await interleaveManyTickets(visitApp, 200)).toEqual([]);
  });
});
