import { All, Controller } from '@nestjs/common';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { AdviceLog } from '../../lib/tickets/advice.log.js';
import { TicketSettings } from '../../lib/tickets/ticket.settings.js';
import { captureLog } from '../invitations/captured-log.js';
import { ask, authorization, BROWSER, cookieOf, queryOf } from '../invitations/ask.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, type Museum, SECRET, startApp } from '../support/app.js';
import { TestClock } from '../support/clock.js';

@Controller()
class LouvreController {
  @All('louvre')
  @InvitationRequired('louvre', 'visit')
  visit() {
    return 'Welcome';
  }
}

eachAdapter('What the developer of an app is to mend', (adapter) => {
  const clock = new TestClock();
  let museum: Museum;
  beforeAll(async () => {
    const pages = {
      forbidden: () => {
        throw new Error('the page is broken');
      },
    };
    museum = await startApp(adapter, anyDatabase, {
      controllers: [LouvreController],
      options: { now: clock.now, pages },
    });
  });

  const issue = async () => (await museum.tickets.issue({ place: 'louvre', purpose: 'visit' })).credentials;

  /** Posts with a pass, from wherever the headers say. */
  async function post(headers: Record<string, string>) {
    const opened = await ask(museum.app, `/louvre?${queryOf(await issue())}`);
    const all = { Host: 'museum.example', Cookie: cookieOf(opened), ...headers };
    expect((await ask(museum.app, '/louvre', { method: 'POST', headers: all })).status).toBe(403);
  }

  it.each([
    [
      { Origin: 'http://museum.example:8081' },
      /the origin "http:\/\/museum\.example:8081", .*write its origin into baseUrl/,
    ],
    [{ Origin: 'null' }, /the origin "null", .*write Referrer-Policy: same-origin on it/],
    [{ 'Sec-Fetch-Site': 'cross-site' }, /another origin, .*send the credentials themselves/],
    [{ Origin: `http://${'a'.repeat(1000)}` }, /the origin "http:\/\/a{273}", /],
    [{ Origin: 'x\u009b2J"' }, /the origin "x\?2J\\"", /],
  ])('is logged: a request of another site, %o', async (headers, line) => {
    clock.advance('1h');
    const log = captureLog();
    await post(headers);
    await post({ Origin: 'http://evil.example' });
    expect(log.map(({ text }) => text)).toEqual([expect.stringMatching(line)]);
    clock.advance('1m');
    await post({ Origin: 'http://evil.example' });
    expect(log).toHaveLength(2);
  });

  it('is logged at most once a minute: a page that cannot be made', async () => {
    clock.advance('1h');
    const log = captureLog();
    const fail = async () => {
      const headers = { ...BROWSER, ...authorization({ uuid: (await issue()).uuid, password: 'wrong' }) };
      expect((await ask(museum.app, '/louvre', { method: 'POST', headers })).status).toBe(403);
    };
    await fail();
    await fail();
    clock.advance(60_000 - 1);
    await fail();
    expect(log.map(({ text }) => text)).toEqual([
      'The page for TICKET_INVALID could not be made: the built-in one is sent',
    ]);
    clock.advance(1);
    await fail();
    expect(log).toHaveLength(2);
    clock.advance(-1);
    await fail();
    expect(log).toHaveLength(3);
  });

  it('is logged: a ticket whose secret has been taken out of the list', async () => {
    clock.advance('1h');
    const log = captureLog();
    for (const password of [undefined, 'I love Paris']) {
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit', password });
      const { verifier } = (await museum.row(credentials.uuid))!;
      const [scheme, , ...digest] = verifier.split('$');
      await museum.tamper(credentials.uuid, { verifier: [scheme, 'AAAAAAAA', ...digest].join('$') });
      const headers = authorization(credentials);
      expect((await ask(museum.app, '/louvre', { method: 'POST', headers })).status).toBe(403);
      expect(log.at(-1)!.text).toBe(
        `Ticket ${credentials.uuid} was issued under a secret that is not in the option \`secret\`, and admits nobody: add the old one to the list, secret: [new, old], until its tickets are over`,
      );
      expect(JSON.stringify(log)).not.toContain(SECRET);
      clock.advance('1m');
    }
    expect(log).toHaveLength(2);
  });
});

describe('AdviceLog', () => {
  it('[F-27] remembers a thousand reasons, and no more', () => {
    const log = new AdviceLog(new TicketSettings());
    const logged = captureLog();
    for (let number = 0; number < 1001; number += 1) log.warn(`overdue ${number}`, 'reopen it');
    log.warn('overdue 1000', 'reopen it');
    expect(logged).toHaveLength(1001);
    log.warn('overdue 0', 'reopen it');
    expect(logged).toHaveLength(1002);
  });
});
