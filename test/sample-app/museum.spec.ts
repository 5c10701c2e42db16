import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { expectSingleUse } from 'nestjs-ticketoffice/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { follow } from '../invitations/ask.js';
import { formOf } from '../invitations/page.form.js';
import { request } from '../support/adapters.js';
import { form, issueLink } from './louvre.js';

describe('The sample app', () => {
  let app: INestApplication;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'louvre-'));
    // Read while the modules load, as at any start.
    vi.stubEnv('DATABASE_FILE', join(folder, 'museum.sqlite'));
    vi.stubEnv('TICKET_OFFICE_SECRET', 'a secret of at least 32 characters');
    vi.stubEnv('BASE_URL', 'http://localhost:3000'); // vitest has a BASE_URL of its own
    vi.stubEnv('REQUESTS_PER_MINUTE', '1000');
    const { createMuseum } = await import('../../sample-app/application.js');
    app = await createMuseum();

    await app.listen(0, '127.0.0.1');
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await app.close();
    await rm(folder, { recursive: true });
  });

  /** Issues a ticket and opens its link: returns where that leads, and the guest's cookie. */
  async function invite(offer: string): Promise<{ link: string; path: string; cookie: string }> {
    const { pathname, search } = await issueLink(app, offer);
    const opened = await request(app).get(pathname + search);
    expect(opened.status).toBe(303);
    return {
      link: pathname + search,
      path: follow(pathname, opened.headers.location!),
      cookie: opened.headers['set-cookie']![0]!,
    };
  }

  const visit = (path: string, cookie: string) =>
    request(app).get(path).set('Cookie', cookie).accept('text/html');

  /** Presses the page's one button: sends its form with all fields. */
  const press = (path: string, { text }: { text: string }, cookie: string) =>
    visit(formOf(text, path).target, cookie);

  it('welcomes a guest once, after the button, and then says that the ticket is used', async () => {
    const { link, path, cookie } = await invite('louvre/visit');
    // Looking at the page uses nothing up: a mail scanner may do so first.
    for (const _ of [1, 2]) {
      const asked = await visit(path, cookie);
      expect([asked.status, path]).toEqual([200, '/louvre']);
      expect(asked.text).toContain('Welcome, Léonard');
      expect(asked.text).toContain('Enter the museum');
    }
    const entered = await press(path, await visit(path, cookie), cookie);
    expect(entered.status).toBe(200);
    expect(entered.text).toContain('Welcome to the Louvre museum Léonard');
    const again = await visit(link, cookie);
    expect(again.status).toBe(403);
    expect(again.text).toMatch(/already been used[^]*<time datetime="[^"]*Z">[^]*href="\/"/);
  });

  it('changes a password once, and accepts another after a rejected one', async () => {
    const { path, cookie } = await invite('account/reset-password');
    const change = (password: string) =>
      request(app)
        .post(path)
        .set('Cookie', cookie)
        .send(form({ password, again: password }));
    expect((await visit(path, cookie)).status).toBe(200);
    expect((await change('short')).status).toBe(422);
    const changed = await change('long enough for the Louvre');
    expect([changed.status, changed.headers.location]).toEqual([303, '/account/password/changed']);
    // The page needs no ticket: the ticket is used up.
    const done = await request(app).get('/account/password/changed').accept('text/html');
    expect([done.status, done.text.includes('Password changed')]).toEqual([200, true]);
    expect((await change('another that is long enough')).status).toBe(403);
    const login = await request(app)
      .post('/account/login')
      .send(form({ account: 'léonard', password: 'long enough for the Louvre' }));
    expect(login.status).toBeLessThan(400);
  });

  it('[F-18] revokes the other links of an account with the change of its password', async () => {
    const [first, second] = [
      await invite('account/reset-password'),
      await invite('account/reset-password'),
    ] as const;
    const fields = { password: 'long enough for the Louvre', again: 'long enough for the Louvre' };
    const changed = request(app).post(first.path).set('Cookie', first.cookie);
    expect((await changed.send(form(fields))).status).toBe(303);
    const refused = await visit(second.link, second.cookie);
    expect(refused.status).toBe(403);
    expect(refused.text).toMatch(/revoked|withdrawn/);
  });

  it('changes a password once when the form is sent ten times at once, and refuses all others', async () => {
    const { path, cookie } = await invite('account/reset-password');
    const change = () =>
      request(app)
        .post(path)
        .set('Cookie', cookie)
        .accept('text/html')
        .send(form({ password: 'sent twice to the Louvre', again: 'sent twice to the Louvre' }));
    await expectSingleUse(change, { parallel: 10 });
    const refused = await change();
    expect(refused.text).toContain('has been done, once');
  });

  it('makes browsers send the origin of the new password’s form', async () => {
    const { path, cookie } = await invite('account/reset-password');
    // Under the guard's `no-referrer` they would send `Origin: null` with the form, which is refused.
    const change = () =>
      request(app)
        .post(path)
        .set('Cookie', cookie)
        .send(form({ password: 'short' }));
    expect((await visit(path, cookie)).headers['referrer-policy']).toBe('same-origin');
    expect((await change()).headers['referrer-policy']).toBe('same-origin');
    expect((await change().set('Origin', 'null')).status).toBe(403);
    expect((await change().set('Origin', new URL('http://localhost:3000').origin)).status).toBe(422);
  });

  it('lists the tickets, and revokes one', async () => {
    const { path, cookie } = await invite('louvre/visit');
    const counter = await request(app).get('/');
    const [, uuid] = /action="\/tickets\/([0-9a-f-]{36})\/revoke"/.exec(counter.text)!;
    expect((await request(app).post(`/tickets/${uuid}/revoke`)).status).toBe(303);
    const refused = await visit(path, cookie);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('revoked');
  });

  it('shows faults on the form, and never shows the password again', async () => {
    const fields = {
      guest: '',
      offer: 'louvre/visit',
      expires: 'never',
      secret: 'chosen',
      password: 'P4ssword',
    };
    const answer = await request(app).post('/tickets').send(form(fields));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Write the guest');
    expect(answer.text).not.toContain('P4ssword');
  });
});
