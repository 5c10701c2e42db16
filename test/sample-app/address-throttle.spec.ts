import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { request } from '../support/adapters.js';
import { form, issueCode, issueLink, openLouvre } from './louvre.js';

const THREE = { REQUESTS_PER_MINUTE: '3' };

/** Requests from an address, through a proxy in front of the museum. */
const from = (app: INestApplication, address: string) => ({
  open: ({ pathname, search }: URL) =>
    request(app)
      .get(pathname + search)
      .set('X-Forwarded-For', address),
  logIn: (password: string) =>
    request(app)
      .post('/account/login')
      .set('X-Forwarded-For', address)
      .send(form({ account: 'léonard', password })),
});

/** The same link with another password. */
function guess(link: URL, password: string): URL {
  const wrong = new URL(link);
  wrong.searchParams.set('password', password);
  return wrong;
}

describe('The throttle of the sample app', () => {
  it('[G-11] neither checks nor counts guesses beyond the limit of an address, and admits another address', async () => {
    const app = await openLouvre({ ...THREE, TRUST_PROXY: 'loopback' });
    const link = await issueLink(app, 'louvre/visit', 'I love Paris');
    const stranger = from(app, '198.51.100.1');
    const answers = [];
    for (const word of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
      answers.push((await stranger.open(guess(link, `I love ${word}`))).status);
    expect(answers).toEqual([403, 403, 403, 429, 429, 429, 429]);
    expect((await stranger.open(link)).status).toBe(429);

    const guest = from(app, '203.0.113.1');
    expect((await guest.open(link)).status).toBe(303);
  });

  it('[G-11] counts the requests of an address to all routes together, the log-in included', async () => {
    const app = await openLouvre({ ...THREE, TRUST_PROXY: 'loopback' });
    const visit = await issueLink(app, 'louvre/visit');
    const report = await issueLink(app, 'report/2024-05/download');
    const stranger = from(app, '198.51.100.1');
    expect((await stranger.open(guess(visit, 'I love Paris'))).status).toBe(403);
    expect((await stranger.open(guess(report, 'I love Paris'))).status).toBe(403);
    expect((await stranger.logIn('I love Paris')).status).toBe(403);
    expect((await stranger.logIn('I love Paris')).status).toBe(429);
    expect((await stranger.open(visit)).status).toBe(429);
    expect((await from(app, '203.0.113.1').logIn('I love Paris')).status).toBe(403);
  });

  it('[G-11] counts the codes from an address for all tickets together', async () => {
    const app = await openLouvre({ ...THREE, TRUST_PROXY: 'loopback' });
    const tickets = [await issueCode(app), await issueCode(app)];
    const type = (uuid: string, password: string, address: string) =>
      request(app).post('/door').set('X-Forwarded-For', address).send(form({ uuid, password }));
    const answers = [];
    for (const { uuid } of [...tickets, ...tickets])
      answers.push((await type(uuid, 'not the code', '198.51.100.1')).status);
    expect(answers).toEqual([403, 403, 403, 429]);
    expect((await request(app).get(tickets[0]!.address)).status).toBe(200);
    const { uuid, code } = tickets[1]!;
    expect((await type(uuid, code, '198.51.100.1')).status).toBe(429);
    expect((await type(uuid, code, '203.0.113.1')).status).toBe(200);
  });

  it('[G-11] counts an IPv6 network as one address', async () => {
    const app = await openLouvre({ REQUESTS_PER_MINUTE: '1', TRUST_PROXY: '1' });
    expect((await from(app, '2001:db8:0:1::1').logIn('I love Paris')).status).toBe(403);
    expect((await from(app, '2001:db8:0:1::2').logIn('I love Paris')).status).toBe(429);
    expect((await from(app, '2001:db8:0:2::1').logIn('I love Paris')).status).toBe(403);
  });

  it('[G-11] ignores an address that no trusted proxy has written', async () => {
    const app = await openLouvre(THREE);
    const answers = [];
    for (const host of [1, 2, 3, 4])
      answers.push((await from(app, `198.51.100.${host}`).logIn('I love Paris')).status);
    expect(answers).toEqual([403, 403, 403, 429]);
  });

  it('says when to try again: to a browser on a page of the museum, to others in JSON', async () => {
    const app = await openLouvre({ REQUESTS_PER_MINUTE: '1', TRUST_PROXY: 'loopback' });
    const link = await issueLink(app, 'louvre/visit');
    const stranger = from(app, '198.51.100.1');
    await stranger.logIn('I love Paris');
    const page = await stranger.open(link).accept('text/html');
    expect(page.status).toBe(429);
    expect(page.text).toMatch(/<h1>Too Many Requests<\/h1>[^]*Try again in \d+ seconds/);
    // The page's URL is the link: its secret goes nowhere else.
    expect(page.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect(page.text).not.toContain('tkt_');

    const json = await stranger.open(link).accept('application/json');
    expect(json.status).toBe(429);
    expect(json.body).toEqual({
      statusCode: 429,
      message: 'Too many requests from your address. Try again later.',
    });
    for (const { headers } of [page, json]) {
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    }
  });

  it('does not limit pages where no credentials are shown', async () => {
    const app = await openLouvre({ REQUESTS_PER_MINUTE: '1' });
    const answers = [];
    for (const path of ['/', '/account/login', '/', '/account/login'])
      answers.push((await request(app).get(path)).status);
    expect(answers).toEqual([200, 200, 200, 200]);
    expect((await from(app, '').open(await issueLink(app, 'louvre/visit'))).status).toBe(303);
  });
});
