import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { request } from '../support/adapters.js';
import { form, invite, openLouvre } from './louvre.js';

const headingOf = ({ text }: { text: string }) => /<h1>([^<]*)<\/h1>/.exec(text)?.[1];
const look = (app: INestApplication, path: string) => request(app).get(path).accept('text/html');

describe('The refusal page of the sample app', () => {
  it('says without a ticket where to get one', async () => {
    const page = await look(await openLouvre(), '/report/2024-05');
    expect([page.status, headingOf(page)]).toEqual([401, 'A link is needed']);
    expect(page.text).toContain('ask for a ticket at the box office');
    expect(page.text).not.toContain('<time');
  });

  it('says what may be wrong with a link, and when a ticket was revoked', async () => {
    const app = await openLouvre();
    const { link, uuid } = await invite(app, 'louvre/visit');
    const wrong = await look(app, `/louvre?uuid=${uuid}&password=wrong`);
    expect([wrong.status, headingOf(wrong)]).toEqual([403, 'Wrong link']);
    expect(wrong.text).toContain('Is the link complete?');
    expect(wrong.text).not.toContain('<time');

    const before = new Date();
    await request(app).post(`/tickets/${uuid}/revoke`);
    const revoked = await look(app, `/louvre${link.search}`);
    expect(headingOf(revoked)).toBe('Revoked');
    expect(revoked.text).toContain('has been revoked');
    const [, instant, text] = /<time datetime="([^"]*)">([^<]*)<\/time> UTC/.exec(revoked.text)!;
    expect(new Date(instant!).getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(new Date(`${text} UTC`).getTime()).toBe(Math.floor(new Date(instant!).getTime() / 1000) * 1000);
  });

  it('reassures a guest who presses again after success', async () => {
    const app = await openLouvre();
    const { path, cookie } = await invite(app, 'account/reset-password');
    const password = 'long enough for the Louvre';
    const change = () =>
      request(app)
        .post(path)
        .set('Cookie', cookie)
        .accept('text/html')
        .send(form({ password, again: password }));
    await change();
    const again = await change();
    expect(headingOf(again)).toBe('Already used');
    expect(again.text).toContain('all is well');
  });

  it('does not blame the link for a form from another site', async () => {
    const app = await openLouvre();
    const { path, cookie } = await invite(app, 'account/reset-password');
    const page = await request(app)
      .post(path)
      .set({ Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' })
      .accept('text/html');
    expect([page.status, headingOf(page)]).toEqual([403, 'No admission']);
    expect(page.text).toContain('another site');
    expect(page.text).not.toContain('Is the link complete?');
  });
});
