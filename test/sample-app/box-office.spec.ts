import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { request } from '../support/adapters.js';
import {
  beginDownload,
  form,
  invite,
  issue,
  issueCode,
  issueLink,
  linkOf,
  openLouvre,
  shownOf,
} from './louvre.js';

const look = (app: INestApplication, path = '/') => request(app).get(path).accept('text/html');
const press = (app: INestApplication, uuid: string, action: string) =>
  request(app).post(`/tickets/${uuid}/${action}`).accept('text/html');
const open = async (app: INestApplication, { pathname, search }: URL) =>
  (await request(app).get(pathname + search)).status;

/** The tickets on a page, in their order: uuid and status. */
const listed = (html: string) =>
  [...html.matchAll(/<li [^>]*id="ticket-([0-9a-f-]{36})"[^]*?class="badge [^"]*">([^<]*)</g)].map(
    ([, uuid, status]) => `${uuid} ${status}`,
  );

describe('The box office of the sample app', () => {
  it('reissues a ticket: shows a new link once, and the old one no longer works', async () => {
    const app = await openLouvre();
    const old = await issueLink(app, 'louvre/visit');
    const uuid = old.searchParams.get('uuid')!;
    expect((await look(app)).text).toContain(`action="/tickets/${uuid}/reissue"`);
    const reissued = await press(app, uuid, 'reissue');
    expect(reissued.status).toBe(200);
    expect(reissued.headers['cache-control']).toBe('no-store');
    const link = linkOf(shownOf(reissued.text));
    expect(reissued.text).toMatch(/The old link no longer works/);
    expect([link.searchParams.get('uuid'), link.pathname]).toEqual([uuid, '/louvre']);
    expect([await open(app, old), await open(app, link)]).toEqual([403, 303]);
  });

  it('reissues a ticket for the door with another code', async () => {
    const app = await openLouvre();
    const { code, uuid } = await issueCode(app);
    const reissued = await press(app, uuid, 'reissue');
    const [, another] = /<strong class="code">(\d{4} \d{4})</.exec(reissued.text)!;
    expect(another).not.toBe(code);
    expect(reissued.text).toMatch(/The old code no longer works/);
    const type = (password: string) => request(app).post('/door').send(form({ uuid, password }));
    expect((await type(code)).status).toBe(403);
    expect((await type(another!)).status).toBe(200);
  });

  it('says above the list why a ticket cannot be reissued', async () => {
    const app = await openLouvre();
    const { uuid } = await invite(app, 'louvre/visit');
    await press(app, uuid, 'revoke');
    const refused = await press(app, uuid, 'reissue');
    expect(refused.status).toBe(409);
    expect(refused.text).toMatch(
      /id="tickets-title"[^]*role="alert"[^]*This link or code has been revoked\./,
    );
    expect((await press(app, '01998b8e-0000-7000-8000-000000000000', 'reissue')).status).toBe(404);
  });

  it('shows which tickets are in use, and reopens them', async () => {
    const app = await openLouvre();
    await issueLink(app, 'louvre/visit');
    const guest = await invite(app, 'report/2024-05/download');
    expect(listed((await look(app, '/?show=in-use')).text)).toEqual([]);
    expect((await look(app)).text).not.toContain('/reopen"');

    const download = await beginDownload(app, guest);
    expect(listed((await look(app)).text)[0]).toBe(`${guest.uuid} in use`);
    const inUse = await look(app, '/?show=in-use');
    expect(listed(inUse.text)).toEqual([`${guest.uuid} in use`]);
    expect(inUse.text).toContain(`action="/tickets/${guest.uuid}/reopen"`);

    const reopened = await press(app, guest.uuid, 'reopen');
    expect(reopened.status).toBe(303);
    expect(listed((await look(app)).text)[0]).toBe(`${guest.uuid} valid`);
    download.hangUp();
    const again = await request(app).post(guest.path).set('Cookie', guest.cookie).buffer(true);
    expect(again.status).toBe(200);
  });

  it('counts the tickets of each status, and lists those alone, newest first', async () => {
    const app = await openLouvre();
    const counts = async () =>
      [...(await look(app)).text.matchAll(/<a id="show-([a-z-]+)"[^>]*>[^<]*\((\d+)\)</g)]
        .map(([, key, count]) => `${key} ${count}`)
        .join(', ');
    expect(await counts()).toBe('all 0, valid 0, in-use 0, used 0, expired 0, revoked 0, locked 0');
    const uuidOf = async () => (await issueLink(app, 'louvre/visit')).searchParams.get('uuid')!;
    const [first, second, third] = [await uuidOf(), await uuidOf(), await uuidOf()];
    await press(app, second, 'revoke');
    const guest = await invite(app, 'report/2024-05/download');
    const download = await beginDownload(app, guest);
    const { uuid, code } = await issueCode(app);
    const password = `${(Number(code[0]) + 1) % 10}${code.slice(1)}`;
    for (const _ of [1, 2, 3, 4, 5]) await request(app).post('/door').send(form({ uuid, password }));
    const visitor = await invite(app, 'louvre/visit');
    const visit = request(app).get(visitor.path).set('Cookie', visitor.cookie);
    expect((await visit).status).toBe(200);
    // Of the valid ones, one is in use, and one locked.
    expect(await counts()).toBe('all 6, valid 4, in-use 1, used 1, expired 0, revoked 1, locked 1');
    const valid = listed((await look(app, '/?show=valid')).text);
    expect(valid).toEqual([`${uuid} locked`, `${guest.uuid} in use`, `${third} valid`, `${first} valid`]);
    expect(listed((await look(app, '/?show=used')).text)).toEqual([`${visitor.uuid} used`]);
    expect(listed((await look(app, '/?show=revoked')).text)).toEqual([`${second} revoked`]);
    expect((await look(app, '/?show=expired')).text).toContain('No ticket has expired.');
    download.hangUp();
  });

  it('shows the tickets of one status a page at a time, too, and which of them are in use', async () => {
    const app = await openLouvre();
    const guest = await invite(app, 'report/2024-05/download');
    const download = await beginDownload(app, guest);
    for (let count = 0; count < 20; count += 1) await issueLink(app, 'louvre/visit');
    const first = await look(app, '/?show=valid');
    expect(listed(first.text)).toHaveLength(20);
    const [, next] = /<a [^>]*href="([^"]*)" rel="next">/.exec(shownOf(first.text))!;
    expect(next).toMatch(/^\/\?show=valid&from=/);
    expect(listed((await look(app, next)).text)).toEqual([`${guest.uuid} in use`]);
    download.hangUp();
  });

  it('shows all tickets, newest first, a page at a time', async () => {
    const app = await openLouvre();
    const uuids: string[] = [];
    for (let count = 0; count < 45; count += 1)
      uuids.unshift((await issueLink(app, 'louvre/visit')).searchParams.get('uuid')!);
    const seen: string[] = [];
    for (let path: string | undefined = '/'; path;) {
      const { text } = await look(app, path);
      seen.push(...listed(text).map((line) => line.split(' ')[0]!));
      path = /<a [^>]*href="([^"]*)" rel="next">/.exec(shownOf(text))?.[1];
    }
    expect(seen).toEqual(uuids);
    expect((await look(app, '/?from=nobody')).status).toBe(400);
  });

  it.each([
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Origin', 'http://elsewhere.example'],
    ['Origin', 'null'],
  ])('refuses forms from another site: %s: %s', async (name, value) => {
    const app = await openLouvre();
    const link = await issueLink(app, 'louvre/visit');
    const uuid = link.searchParams.get('uuid')!;
    const fields = form({ guest: 'Mona', offer: 'louvre/visit', expires: '1 hour', secret: 'generated' });
    const posts = [
      ...['revoke', 'reissue', 'reopen'].map((action) => press(app, uuid, action)),
      request(app).post('/tickets').accept('text/html').send(fields),
      request(app)
        .post('/account/login')
        .accept('text/html')
        .send(form({ account: 'Mona', password: 'Lisa' })),
    ];
    for (const post of posts) {
      const refused = await post.set(name, value);
      expect(refused.status).toBe(403);
      expect(refused.text).toContain('another site');
    }
    expect(listed((await look(app)).text)).toEqual([`${uuid} valid`]);
    expect(await open(app, link)).toBe(303);
  });

  it('does not trust a host name that only the request gives', async () => {
    const app = await openLouvre();
    await issueLink(app, 'louvre/visit');
    const [newest] = listed((await look(app)).text);
    // DNS rebinding: an attacker's domain points at this machine, so the browser takes the attacker's page for ours.
    const rebound = { Host: 'rebound.example', Origin: 'http://rebound.example' };
    expect((await press(app, newest!.split(' ')[0]!, 'revoke').set(rebound)).status).toBe(403);
  });

  it('accepts forms of its own pages, by any name of this machine', async () => {
    const app = await openLouvre();
    const { port } = app.getHttpServer().address() as AddressInfo;
    const own = [
      { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost:3000' },
      { 'Sec-Fetch-Site': 'none' },
      { Origin: 'http://localhost:3000' },
      { Origin: `http://127.0.0.1:${port}` },
      { Origin: `http://localhost:${port}`, Host: `localhost:${port}` },
      { Origin: `http://[::1]:${port}`, Host: `[::1]:${port}` },
      {},
    ];
    for (const headers of own) {
      const { pathname } = await issueLink(app, 'louvre/visit');
      expect(pathname).toBe('/louvre');
      const [newest] = listed((await look(app)).text);
      const revoked = await press(app, newest!.split(' ')[0]!, 'revoke').set(headers);
      expect(revoked.status).toBe(303);
    }
  });

  it('has a link to refresh the list, and a script that does so by itself', async () => {
    const app = await openLouvre();
    const page = await look(app);
    expect(page.text).toContain('<a id="refresh" href="/">Refresh</a>');
    expect(page.text).toContain('<script type="module" src="/live-tickets.js"></script>');
    expect(page.text.match(/<script/g)).toHaveLength(1);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'self'; object-src 'none'/);
    const script = await request(app).get('/live-tickets.js');
    expect([script.status, script.type]).toEqual([200, 'text/javascript']);
  });

  it('sends open browsers that the list has changed, not how, and can still close', async () => {
    const app = await openLouvre();
    const { port } = app.getHttpServer().address() as AddressInfo;
    const [changes] = (await once(get({ port, path: '/tickets/changes', agent: false }), 'response')) as [
      IncomingMessage,
    ];
    expect(changes.headers['content-type']).toContain('text/event-stream');
    let received = '';
    changes.setEncoding('utf8').on('data', (text: string) => (received += text));
    const shown = await issue(app, { offer: 'louvre/visit' });
    await vi.waitFor(() => expect(received).toMatch(/data: changed\n/));
    expect(received).not.toContain(linkOf(shown).searchParams.get('uuid'));
    const ended = once(changes, 'end');
    await app.close();
    await ended;
  });
});
