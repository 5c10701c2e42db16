import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { request } from '../support/apps.js';
import { invite, openLouvre } from './louvre.js';

const look = (app: INestApplication, path: string) => request(app).get(path).accept('text/html');

describe('The page of the sample app for guests who are refused', () => {
  it('tells who shows no ticket where to get one', async () => {
    const page = await look(await openLouvre(), '/report/2024-05');
    expect(page.status).toBe(401);
    expect(page.text).toContain('ask for a ticket at the box office');
    expect(page.text).not.toContain('<time');
  });

  it('tells who shows a wrong link what may be wrong, and who has a revoked one since when it is', async () => {
    const app = await openLouvre();
    const { link, uuid } = await invite(app, 'louvre/visit');
    const wrong = await look(app, `/louvre?uuid=${uuid}&password=wrong`);
    expect([wrong.status, wrong.text.includes('Is the link complete?')]).toEqual([403, true]);
    expect(wrong.text).not.toContain('<time');

    const before = new Date();
    await request(app).post(`/tickets/${uuid}/revoke`);
    const revoked = await look(app, `/louvre${link.search}`);
    expect(revoked.text).toContain('has been revoked');
    const [, instant, text] = /<time datetime="([^"]*)">([^<]*)<\/time> UTC/.exec(revoked.text)!;
    expect(new Date(instant!).getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(new Date(`${text} UTC`).getTime()).toBe(Math.floor(new Date(instant!).getTime() / 1000) * 1000);
  });

  it('blames no link for a form that another site has sent', async () => {
    const app = await openLouvre();
    const { path, cookie } = await invite(app, 'account/reset-password');
    const page = await request(app)
      .post(path)
      .set({ Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' })
      .accept('text/html');
    expect(page.status).toBe(403);
    expect(page.text).toContain('another site');
    expect(page.text).not.toContain('Is the link complete?');
  });
});
