import { All, Controller, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../support/app.js';
import { ask, BROWSER, cookieOf, queryOf } from './ask.js';

@Controller()
class RoomsController {
  @All('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit() {
    return 'Welcome';
  }

  @All('garden')
  @InvitationRequired('louvre', 'visit')
  garden() {
    return 'A garden';
  }
}

const CORS = { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };
/** What browsers say of a script on another origin; the last three over plain http, without Fetch Metadata. */
const FOREIGN: Record<string, string>[] = [
  { ...CORS, 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
  { ...CORS, 'Sec-Fetch-Site': 'same-site', Origin: 'http://museum.example:8081' },
  { ...CORS, 'Sec-Fetch-Site': 'cross-site', Origin: 'null' },
  { ...CORS, Origin: 'http://evil.example' },
  { Origin: 'http://evil.example' },
  { Origin: 'http://museum.example:8081' },
  { Origin: 'null' },
];
const OWN: Record<string, string>[] = [
  { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'none' },
  {},
];
const ACCEPT = [BROWSER.Accept, 'text/html', '*/*', 'application/json'];

eachAdapter('A script of another origin', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers: [RoomsController] });
  });

  async function guest() {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const opened = await ask(museum.app, `/louvre?${queryOf(credentials)}`);
    const always = { Host: 'museum.example:8080', 'User-Agent': 'Mozilla/5.0', Cookie: cookieOf(opened) };
    return {
      uuid: credentials.uuid,
      fetch: (path: string, headers: Record<string, string>) =>
        ask(museum.app, path, { headers: { ...always, ...headers } }),
    };
  }

  it.each(FOREIGN)('[F-26] is shown no page with a button, and uses nothing up: %o', async (headers) => {
    const { uuid, fetch } = await guest();
    for (const Accept of ACCEPT) {
      const answer = await fetch('/louvre', { ...headers, Accept });
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(JSON.parse(answer.body)).toMatchObject({ statusCode: 403, errorCode: 'TICKET_INVALID' });
      expect(answer.headers['set-cookie'], 'the pass is kept').toBeUndefined();
    }
    expect((await museum.row(uuid))!.usedAt).toBeNull();
  });

  it.each(FOREIGN)('[F-26] gets its refusals as JSON: %o', async (headers) => {
    const { uuid, fetch } = await guest();
    await museum.tickets.revoke(uuid);
    for (const [path, errorCode] of [
      ['/louvre', 'TICKET_REVOKED'],
      [`/louvre?${queryOf({ uuid, password: 'wrong' })}`, 'TICKET_INVALID'],
    ] as const) {
      const answer = await fetch(path, { ...headers, Accept: 'text/html' });
      expect(JSON.parse(answer.body)).toMatchObject({ statusCode: 403, errorCode });
    }
  });

  it.each(FOREIGN)('[F-26] goes on where it only reads, and there is no button: %o', async (headers) => {
    const { fetch } = await guest();
    expect(await fetch('/garden', { ...headers, Accept: '*/*' })).toMatchObject({
      status: 200,
      body: 'A garden',
    });
  });

  it.each(OWN)('[F-26] is no link, from wherever it is followed: %o', async (headers) => {
    const { fetch } = await guest();
    const page = await fetch('/louvre', { ...headers, ...BROWSER });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
  });
});
