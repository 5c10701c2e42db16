import type { INestApplication } from '@nestjs/common';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { request } from '../support/adapters.js';
import { form, openLouvre, shownOf } from './louvre.js';

const post = (app: INestApplication, guests: string, fields: Record<string, string> = {}) =>
  request(app)
    .post('/guests')
    .accept('text/html')
    .send(form({ guests, offer: 'louvre/visit', expires: '', ...fields }));

const numberOf = async (app: INestApplication) => {
  const { text } = await request(app).get('/').accept('text/html');
  return /<a id="show-all"[^>]*>All \((\d+)\)</.exec(text)![1];
};

/** The rows of the file that the page offers. */
function fileOf(html: string): Record<string, string>[] {
  const [, address] = /<a class="button" id="download" href="([^"]*)"/.exec(
    shownOf(html).replaceAll('&#x27;', "'"),
  )!;
  const csv = decodeURIComponent(address!.replace('data:text/csv;charset=utf-8,', ''));
  return parse(csv, { columns: true, bom: true });
}

const faultsOf = ({ text }: { text: string }) =>
  [...(/role="alert"[^]*?<\/ul>/.exec(text)?.[0] ?? '').matchAll(/<li>([^<]*)<\/li>/g)].map(
    ([, fault]) => fault,
  );

const SEPARATE = 'separate both by a comma, without tabs or other control characters.';

describe('A list of guests', () => {
  it('gets a ticket for each of them, whose links the page shows and offers as a file, once', async () => {
    const app = await openLouvre();
    const issued = await post(app, 'Léonard\r\n\r\n  Lisa , order 1452, fragile \r\n');
    expect([issued.status, issued.headers['cache-control']]).toEqual([201, 'no-store']);
    const rows = fileOf(issued.text);
    expect(rows.map(({ guest, about, code }) => [guest, about, code])).toEqual([
      ['Léonard', '', ''],
      ['Lisa', 'order 1452, fragile', ''],
    ]);
    for (const { address, guest } of rows) {
      expect(shownOf(issued.text)).toContain(`<a href="${address}"`);
      const { pathname, search } = new URL(address!);
      expect(pathname).toBe('/louvre');
      const opened = await request(app).get(pathname + search);
      const cookie = opened.headers['set-cookie']![0]!.split(';')[0]!;
      const visit = await request(app).get('/louvre').set('Cookie', cookie);
      expect(visit.text).toContain(`Welcome to the Louvre museum ${guest}`);
    }
    expect((await request(app).get('/').accept('text/html')).text).toContain(
      'about <code>order 1452, fragile</code>',
    );
  });

  it('for the door gets codes, and for a new password the account of each guest', async () => {
    const app = await openLouvre();
    const [door] = fileOf((await post(app, 'Lisa', { offer: 'door/enter' })).text);
    expect(door!['address']).toMatch(/^http:\/\/localhost:3000\/door\/[0-9a-f-]{36}$/);
    const uuid = door!['address']!.split('/').at(-1)!;
    const entered = await request(app)
      .post('/door')
      .send(form({ uuid, password: door!['code']! }));
    expect(entered.status).toBe(200);
    const account = await post(app, 'Lisa\nLéonard, vinci', { offer: 'account/reset-password' });
    expect(fileOf(account.text).map(({ about }) => about)).toEqual(['lisa', 'vinci']);
  });

  it.each([
    ['Léonard\n, order 7\nLisa', ['Line 2: write the guest’s name.']],
    ['Léonard,\nLisa', ['Line 1: write what the ticket is about after the comma, or leave the comma out.']],
    [
      `${'x'.repeat(61)}\n\nLisa, ${'7'.repeat(192)}`,
      [
        'Line 1: write a guest’s name of at most 60 characters.',
        'Line 3: write at most 191 characters after the comma.',
      ],
    ],
    ['Lisa\0\nLisa\torder 7', [`Line 1: ${SEPARATE}`, `Line 2: ${SEPARATE}`]],
    [' \n ', ['Write the guests, one on each line.']],
    ['Lisa\n'.repeat(101), ['Write at most 100 guests, not 101.']],
  ])('with a bad line gets no ticket at all, and names it: %j', async (guests, faults) => {
    const app = await openLouvre();
    const refused = await post(app, guests, { expires: '1 hour' });
    expect([refused.status, faultsOf(refused)]).toEqual([422, faults]);
    expect(await numberOf(app)).toBe('0');
    expect(refused.text).toContain('<option selected>1 hour</option>');
  });

  it('names ten bad lines, and says how many more there are', async () => {
    const faults = faultsOf(await post(await openLouvre(), ', 7\n'.repeat(30)));
    expect([faults.length, faults.at(-1)]).toEqual([11, 'And 20 more.']);
  });

  it('with a wrong offer, or without guests, is refused, too', async () => {
    const app = await openLouvre();
    expect((await post(app, 'Lisa', { offer: 'nowhere/visit' })).status).toBe(422);
    for (const body of ['', 'offer=louvre%2Fvisit', 'offer=louvre%2Fvisit&guests=a&guests=b']) {
      const refused = await request(app).post('/guests').accept('text/html').send(body);
      expect(refused.status).toBe(422);
    }
    expect(await numberOf(app)).toBe('0');
  });

  it('comes back as it was typed, to the blank, and escaped', async () => {
    const guests = '\n  Lisa <b>&amp;\n</textarea><script>alert(1)</script>\n,';
    const { text } = await post(await openLouvre(), guests);
    const [, typed] = /<textarea id="guests"[^>]*>\n([^<]*)<\/textarea>/.exec(text)!;
    const entities = { lt: '<', gt: '>', quot: '"', '#x27': "'", '#x3D': '=', amp: '&' };
    const decoded = typed!.replaceAll(/&([^;]*);/g, (_, name: keyof typeof entities) => entities[name]);
    expect(decoded.replaceAll('\r\n', '\n')).toBe(guests);
  });

  it('cannot put a formula into the file, nor a cell of its own', async () => {
    const app = await openLouvre();
    const guests = '=1+1\n+1\n-1, =HYPERLINK("x")\n@SUM\nLisa "x", "a"\n<b>Lisa</b>';
    const issued = await post(app, guests);
    expect(fileOf(issued.text).map(({ guest, about }) => [guest, about])).toEqual([
      ["'=1+1", ''],
      ["'+1", ''],
      ["'-1", '\'=HYPERLINK("x")'],
      ["'@SUM", ''],
      ['Lisa "x"', '"a"'],
      ['<b>Lisa</b>', ''],
    ]);
    expect(issued.text).not.toContain('<b>');
  });

  it.each([
    ['Sec-Fetch-Site', 'cross-site'],
    ['Origin', 'http://elsewhere.example'],
  ])('is refused from another site: %s: %s', async (name, value) => {
    const app = await openLouvre();
    expect((await post(app, 'Lisa').set(name, value)).status).toBe(403);
    expect(await numberOf(app)).toBe('0');
  });
});
