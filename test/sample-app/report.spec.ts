import type { INestApplication } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { request } from '../support/adapters.js';
import { beginDownload, type Invited, invite, openLouvre } from './louvre.js';

const OFFER = 'report/2024-05/download';

const press = (app: INestApplication, { path, cookie }: Invited, accept = 'text/html') =>
  request(app).post(path).set('Cookie', cookie).accept(accept);

describe('The download of the sample app', () => {
  it('has a page with a button, which uses nothing up however often it is opened', async () => {
    const app = await openLouvre();
    const guest = await invite(app, OFFER);
    for (const _ of [1, 2]) {
      const page = await request(app).get(guest.path).set('Cookie', guest.cookie).accept('text/html');
      expect(page.status).toBe(200);
      expect(page.text).toMatch(
        /<form method="post" action="\/report\/2024-05">\s*<input type="hidden" name="ticket-uuid" value="[0-9a-f-]{36}">\s*<button>Download/,
      );
      // Without it a browser would send `Origin: null` with the form.
      expect(page.headers['referrer-policy']).toBe('same-origin');
    }
    expect(guest.path).toBe('/report/2024-05');
    expect((await press(app, guest)).status).toBe(200);
  });

  it('sends the whole file once, and then says when that was', async () => {
    const app = await openLouvre();
    const guest = await invite(app, OFFER);
    const report = await press(app, guest).buffer(true);
    expect(report.status).toBe(200);
    expect(report.headers).toMatchObject({
      // Some versions of Express write quotes.
      'content-disposition': expect.stringMatching(
        /^attachment; filename="?louvre-2024-05\.csv"?$/,
      ) as string,
      'content-type': 'text/csv; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(report.text.length).toBeGreaterThan(4_000_000);
    expect(report.text).toMatch(/^visitor,entered,entrance,prepared for\r\n1,2024-05-01T09:00:00Z,/);
    expect(report.text).toMatch(/,2024-05-31T17:59:\d\dZ,[A-Z][a-z]+,\r\n$/);

    const again = await press(app, guest);
    expect(again.status).toBe(403);
    expect(again.text).toMatch(/already been used[^]*<time datetime="\d{4}-\d\d-\d\dT[^"]*Z">/);
  });

  it('admits to no other report, even with its pass', async () => {
    const app = await openLouvre();
    const { cookie, link } = await invite(app, OFFER);
    const elsewhere = { path: '/report/2024-06', cookie } as Invited;
    expect((await press(app, elsewhere)).status).toBe(401);
    expect((await request(app).get(`/report/2024-06${link.search}`)).status).toBe(403);
    const other = await invite(app, 'report/2024-06/download');
    expect((await press(app, other).buffer(true)).text).toContain('2024-06-01T09:00:00Z');
  });

  it('may be repeated after it was cut short; meanwhile the ticket is in use', async () => {
    const app = await openLouvre();
    const guest = await invite(app, OFFER);
    const first = await beginDownload(app, guest);
    expect(first.file.statusCode).toBe(200);

    const second = await press(app, guest);
    expect(second.status).toBe(409);
    expect(second.text).toContain('<h1>One moment, please</h1>');
    expect(second.text).toContain('being used right now');
    expect(Number(second.headers['retry-after'])).toBeGreaterThan(0);
    const json = await press(app, guest, 'application/json');
    expect([json.status, json.body]).toEqual([
      409,
      expect.objectContaining({
        message: 'This link or code is being used right now.',
        errorCode: 'TICKET_BUSY',
      }),
    ]);

    first.hangUp();
    const whole = await vi.waitFor(
      async () => {
        const repeated = await press(app, guest).buffer(true);
        expect(repeated.status).toBe(200);
        return repeated.text;
      },
      { timeout: 10_000, interval: 100 },
    );
    expect(whole).toMatch(/,2024-05-31T17:59:\d\dZ,[A-Z][a-z]+,\r\n$/);
    expect((await press(app, guest)).status).toBe(403);
  });
});
