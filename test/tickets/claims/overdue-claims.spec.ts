import { Controller, Get, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { captureLog } from '../../invitations/captured-log.js';
import { ask, authorization, BROWSER, cookieOf, queryOf } from '../../invitations/ask.js';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';
import { TestClock } from '../../support/clock.js';

@Controller()
class VisitController {
  @Get('visit')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit() {}
}

eachAdapter('a claim that is older than any handler', (adapter) => {
  const clock = new TestClock();
  let museum: Museum;
  const open = (abandonedAfter?: string) =>
    startApp(adapter, anyDatabase, {
      controllers: [VisitController],
      options: { now: clock.now, ...(abandonedAfter ? { abandonedAfter: abandonedAfter as never } : {}) },
    });
  beforeAll(async () => {
    museum = await open();
  });
  const claimed = async ({ tickets }: Museum) => {
    const { ticket, credentials } = await tickets.issue({
      place: 'louvre',
      purpose: 'visit',
      expiresIn: '30d',
    });
    await tickets.claim(ticket);
    return { uuid: ticket.uuid, credentials, headers: authorization(credentials) };
  };

  it('[F-27] is told in other words, without a promise, and logged once a minute with what to write', async () => {
    const { uuid, headers } = await claimed(museum);
    const since = clock.now().toISOString();
    const logged = captureLog();
    clock.advance('9m');
    const busy = await ask(museum.app, '/visit', { headers });
    expect(JSON.parse(busy.body)).toMatchObject({ message: expect.stringContaining('right now') as unknown });
    expect(busy.headers['retry-after']).toBe('1');
    expect(logged).toEqual([]);
    clock.advance('1m');
    for (let time = 0; time < 3; time += 1) {
      const { status, body, headers: answered } = await ask(museum.app, '/visit', { headers });
      const message = 'This was begun, and has not been finished.';
      expect([status, JSON.parse(body)]).toMatchObject([
        409,
        { errorCode: 'TICKET_BUSY', message, claimedAt: since },
      ]);
      expect(answered['retry-after']).toBeUndefined();
    }
    expect(logged.map(({ text }) => text)).toEqual([
      expect.stringContaining(`Ticket ${uuid} has been claimed since`),
    ]);
    const likely = 'most likely ended before the stamp, unless work of yours with claim() takes so long';
    for (const advice of [likely, `reopen('${uuid}')`, 'abandonedAfter', 'app.enableShutdownHooks()'])
      expect(logged[0]!.text).toContain(advice);
    clock.advance('1m');
    await ask(museum.app, '/visit', { headers });
    expect(logged).toHaveLength(2);
    clock.advance(-1000);
    await ask(museum.app, '/visit', { headers });
    expect(logged, 'the clock was turned back').toHaveLength(3);
    await museum.tickets.reopen(uuid);
    expect((await ask(museum.app, '/visit', { headers })).status).toBe(200);
  });

  it('[F-27] is shown on a page that does not load itself again', async () => {
    const { credentials } = await claimed(museum);
    clock.advance('1h');
    const headers = { ...BROWSER, Cookie: cookieOf(await ask(museum.app, `/visit?${queryOf(credentials)}`)) };
    const { body: page } = await ask(museum.app, '/visit', { headers });
    const fields = [...page.matchAll(/name="([^"]+)" value="([^"]+)"/g)].map(
      ([, name, value]): [string, string] => [name!, value!],
    );
    const answer = await ask(museum.app, `/visit?${new URLSearchParams(fields).toString()}`, { headers });
    expect(answer.status).toBe(409);
    expect(answer.headers['refresh']).toBeUndefined();
    expect(answer.body).toContain('Not finished');
    expect(answer.body).not.toMatch(/moment|right now/);
  });

  it('[F-27] is a claim at work until abandonedAfter, where the app has set that', async () => {
    const patient = await open('3h');
    const { headers } = await claimed(patient);
    const logged = captureLog();
    clock.advance('2h');
    expect((await ask(patient.app, '/visit', { headers })).body).toContain('right now');
    expect(logged).toEqual([]);
    clock.advance('1h');
    expect((await ask(patient.app, '/visit', { headers })).status).toBe(200);
  });
});
