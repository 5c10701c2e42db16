import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../support/apps.js';

/** A form as a browser posts it. */
const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

describe('The sample app', () => {
  let app: INestApplication;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'louvre-'));
    // Read while the modules load, as on any start.
    process.env.DATABASE_FILE = join(folder, 'museum.sqlite');
    process.env.TICKET_OFFICE_SECRET = 'a secret of at least 32 characters';
    process.env.BASE_URL = 'http://localhost:3000'; // vitest has a BASE_URL of its own
    process.env.REQUESTS_PER_MINUTE = '1000';
    const { createMuseum } = await import('../../sample-app/application.js');
    app = await createMuseum();

    await app.listen(0, '127.0.0.1');
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  /** Issues a ticket at the box office; opens its link; returns where that leads, and the guest's cookie. */
  async function invite(errand: string): Promise<{ link: string; path: string; cookie: string }> {
    const fields = { guest: 'Léonard', errand, expires: '1 hour', secret: 'generated', password: '' };
    const issued = await request(app).post('/tickets').send(form(fields));
    const shown = issued.text.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    const [link] = /http:\/\/localhost:3000\/[^"<\s]*uuid=[^"<\s]*/.exec(shown)!;
    const { pathname, search } = new URL(link);
    const opened = await request(app).get(pathname + search);
    expect(opened.status).toBe(303);
    return {
      link: pathname + search,
      path: opened.headers.location!,
      cookie: opened.headers['set-cookie']![0]!,
    };
  }

  const visit = (path: string, cookie: string) =>
    request(app).get(path).set('Cookie', cookie).accept('text/html');

  it('welcomes a guest once, and says afterwards that the ticket is used', async () => {
    const { link, path, cookie } = await invite('louvre/visit');
    const welcome = await visit(path, cookie);
    expect([welcome.status, path]).toEqual([200, '/louvre']);
    expect(welcome.text).toContain('Welcome to the Louvre museum Léonard');
    const again = await visit(link, cookie);
    expect(again.status).toBe(403);
    expect(again.text).toContain('already been used');
  });

  it('changes a password once, and lets a refused one be mended', async () => {
    const { path, cookie } = await invite('account/reset-password');
    const change = (password: string) =>
      request(app)
        .post(path)
        .set('Cookie', cookie)
        .send(form({ password, again: password }));
    expect((await visit(path, cookie)).status).toBe(200);
    expect((await change('short')).status).toBe(422);
    expect((await change('long enough for the Louvre')).status).toBe(200);
    expect((await change('another that is long enough')).status).toBe(403);
    const login = await request(app)
      .post('/account/login')
      .send(form({ account: 'léonard', password: 'long enough for the Louvre' }));
    expect(login.status).toBeLessThan(400);
  });

  it('hands the report out once', async () => {
    const { path, cookie } = await invite('report/download');
    const report = await visit(path, cookie);
    expect(report.headers['content-disposition']).toContain('attachment');
    expect((await visit(path, cookie)).status).toBe(403);
  });

  it('shows what became of the tickets, and revokes one', async () => {
    const { path, cookie } = await invite('louvre/visit');
    const counter = await request(app).get('/');
    const [, uuid] = /action="\/tickets\/([0-9a-f-]{36})\/revoke"/.exec(counter.text)!;
    expect((await request(app).post(`/tickets/${uuid}/revoke`)).status).toBe(303);
    const refused = await visit(path, cookie);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('revoked');
  });

  it('shows faults on the form, and keeps what was typed but the password', async () => {
    const fields = {
      guest: '',
      errand: 'louvre/visit',
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
