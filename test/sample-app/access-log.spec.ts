import { inspect } from 'node:util';
import { type INestApplication, Logger } from '@nestjs/common';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { request } from '../support/adapters.js';
import { form, issueCode, issueLink, openLouvre } from './louvre.js';

/** All that the app logs from now on, at any level, as text. */
function captureLog(): string[] {
  const lines: string[] = [];
  const log = (...parts: unknown[]) =>
    void lines.push(parts.map((part) => (typeof part === 'string' ? part : inspect(part))).join(' '));
  Logger.overrideLogger({ log, error: log, warn: log, debug: log, verbose: log, fatal: log });
  onTestFinished(() => Logger.overrideLogger(false));
  return lines;
}

describe('The access log of the sample app', () => {
  let app: INestApplication;
  const get = (path: string) => request(app).get(path).accept('text/html');

  it('has one line for each request: method, URL, status, time', async () => {
    app = await openLouvre();
    const lines = captureLog();
    await get('/account/login?page=2');
    await get('/museum.css');
    await get('/nowhere?q=1');
    await request(app)
      .post('/account/login')
      .send(form({ account: 'léonard', password: 'I love Paris' }));
    await vi.waitFor(() => expect(lines).toHaveLength(4));
    expect(lines.map((line) => line.replace(/\d+ ms Access$/, 'n ms'))).toEqual([
      'GET /account/login?page=2 200 n ms',
      'GET /museum.css 200 n ms',
      'GET /nowhere?q=1 404 n ms',
      'POST /account/login 403 n ms',
    ]);
  });

  it('logs a request whose client disconnects as unanswered', async () => {
    app = await openLouvre();
    const lines = captureLog();
    app.getHttpServer().once('request', (gone: { socket: { destroy(): void } }) => gone.socket.destroy());
    await expect(get('/')).rejects.toThrow('socket hang up');
    await vi.waitFor(() => expect(lines).toEqual([expect.stringMatching(/^GET \/ unanswered \d+ ms/)]));
  });

  it('[ST-3] shows no secret of a guest: link, redirect, page, header, cookie, mistakes', async () => {
    app = await openLouvre({ REQUESTS_PER_MINUTE: '1000' });
    const lines = captureLog();
    const generated = await issueLink(app, 'account/reset-password');
    const chosen = await issueLink(app, 'louvre/visit', 'I love Paris');
    const of = ({ searchParams }: URL) => [searchParams.get('uuid')!, searchParams.get('password')!] as const;
    const [uuid, secret] = of(generated);
    const shown = `uuid=${uuid}&password=${secret}`;
    expect(secret).toMatch(/^tkt_/);

    const opened = await get(generated.pathname + generated.search);
    const cookie = opened.headers['set-cookie']![0]!.split(';')[0]!;
    const visited = await get(chosen.pathname + chosen.search);
    const statuses = [
      opened.status,
      visited.status,
      (await get('/louvre').set('Cookie', visited.headers['set-cookie']![0]!)).status,
      (await get('/account/password').set('Cookie', cookie)).status,
      (await get('/account/password').set('Authorization', `Ticket ${uuid}:${secret}`)).status,
      (await get(`/account/password?${shown}&${shown}`)).status,
      (await get(`/account/password?uuid=${uuid}&%70assword=tkt%5F${secret.slice(4)}`)).status,
      (await get(`/nowhere/${secret}?${shown}`)).status,
      (await get(`/account/password%3F${encodeURIComponent(shown)}`)).status,
      (await get(`/louvre?uuid=${of(chosen)[0]}&p%61ssword=I+love+London`)).status,
      (
        await request(app)
          .post(`/account/password?${shown}`)
          .send(form({ password: 'a new one for Paris', again: 'a new one for Paris' }))
      ).status,
    ];
    expect(statuses).toEqual([303, 303, 200, 200, 200, 403, 303, 404, 404, 403, 303]);

    const { uuid: door, code } = await issueCode(app);
    await request(app)
      .post('/door')
      .send(form({ uuid: door, password: code }));

    // The requests that issued the tickets, those above, and the door's.
    await vi.waitFor(() => expect(lines).toHaveLength(2 + statuses.length + 2));
    const log = lines.join('\n');
    expect(log).toContain(`GET /account/password?uuid=${uuid}&password=[redacted] 303`);
    const signature = cookie.split('.').at(-1)!;
    for (const canary of [
      secret.slice(4),
      'Paris',
      'London',
      signature,
      'tkt_',
      'tkt%5F',
      code,
      code.replace(' ', ''),
    ])
      expect(log).not.toContain(canary);
  });
});
