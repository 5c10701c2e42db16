import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { request } from '../support/adapters.js';
import { form, issue, openLouvre } from './louvre.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long the ticket on the page lives, in ms, rounded to minutes. */
function lifeOn(shown: string): number | undefined {
  const [, expires] = /<dt>Expires<\/dt>\s*<dd><time datetime="([^"]*)"/.exec(shown) ?? [];
  return expires === undefined ? undefined : Math.round((Date.parse(expires) - Date.now()) / MINUTE) * MINUTE;
}

const post = (app: INestApplication, fields: Record<string, string>) =>
  request(app)
    .post('/tickets')
    .accept('text/html')
    .send(form({ guest: 'Léonard', offer: 'louvre/visit', secret: 'generated', ...fields }));

describe('The form of the box office', () => {
  it.each([
    ['louvre/visit', 5 * DAY],
    ['account/reset-password', HOUR],
    ['report/2024-05/download', DAY],
    ['door/enter', 10 * MINUTE],
  ])('issues a ticket for %s with its own life, unless another is chosen', async (offer, life) => {
    const app = await openLouvre();
    expect(lifeOn(await issue(app, { offer, expires: '' }))).toBe(life);
    expect(lifeOn((await post(app, { offer })).text)).toBe(life);
    expect(lifeOn(await issue(app, { offer, expires: '1 minute' }))).toBe(MINUTE);
    expect(lifeOn(await issue(app, { offer, expires: 'never' }))).toBeUndefined();
  });

  it('says when the ticket expires, and in which time zone', async () => {
    const app = await openLouvre();
    const shown = await issue(app, { offer: 'louvre/visit' });
    expect(shown).toMatch(/<dt>Expires<\/dt>\s*<dd><time [^>]*>[^<]*<\/time> UTC</);
  });

  it.each([
    ['an empty password', '', 'Write the password that you choose'],
    [
      'a password that looks like a generated secret',
      `tkt_${'x'.repeat(43)}`,
      'Choose another name, or another password',
    ],
  ])('rejects %s with a sentence for people', async (_, password, sentence) => {
    const refused = await post(await openLouvre(), { secret: 'chosen', password });
    expect([refused.status, refused.text.includes(sentence)]).toEqual([422, true]);
    expect(refused.text).not.toMatch(/UTF-8|must /);
  });

  it('says why a phone cannot open the QR code', async () => {
    const note = 'works only on this machine';
    const local = await openLouvre();
    expect((await post(local, {})).text).toContain(note);
    expect((await post(local, { offer: 'door/enter' })).text).toContain(note);
    const open = await openLouvre({ BASE_URL: 'https://louvre.example' });
    expect((await post(open, {})).text).not.toContain(note);
  });

  it('selects no life, and accepts only those on its list', async () => {
    const app = await openLouvre();
    expect((await request(app).get('/')).text).toMatch(
      /<select id="expires"[^>]*>\s*<option value="" selected>/,
    );
    const again = await post(app, { expires: '1 hour', guest: '' });
    expect(again.text).toMatch(/<option selected>1 hour<\/option>/);
    const refused = await post(app, { expires: 'toString' });
    expect([refused.status, refused.text.includes('Choose from the list when')]).toEqual([422, true]);
  });
});
