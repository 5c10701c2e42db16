import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { request } from '../support/adapters.js';
import { form, issueCode, openLouvre } from './louvre.js';

const type = (app: INestApplication, uuid: string, password: string) =>
  request(app).post('/door').accept('text/html').send(form({ uuid, password }));

/** Another code of eight digits. */
const wrong = (code: string) => `${(Number(code[0]) + 1) % 10}${code.slice(1)}`;

describe('The door of the sample app', () => {
  it('asks for the code in a form that phones understand', async () => {
    const app = await openLouvre();
    const { address, uuid } = await issueCode(app);
    const page = await request(app).get(address).accept('text/html');
    expect(page.status).toBe(200);
    expect(page.text).toContain(`<input type="hidden" name="uuid" value="${uuid}">`);
    expect(page.text).toMatch(/<label for="code">[^]*<input id="code" name="password"/);
    expect(page.text).toMatch(/five wrong tries\. After that, ask for a new ticket/);
    expect(page.text).toMatch(/inputmode="numeric"[^>]* autocomplete="one-time-code"/);
    expect((await request(app).get('/door/nobody')).status).toBe(404);
  });

  it.each(['1234 5678', '1234-5678', ' 1234–5678 ', '12345678'])(
    'opens once for a code that is typed as %j',
    async (manner) => {
      const app = await openLouvre();
      const { code, uuid } = await issueCode(app);
      const digits = code.replace(' ', '');
      const typed = manner.replaceAll(/\d/g, (place) => digits[Number(place) - 1]!);
      const open = await type(app, uuid, typed);
      expect(open.status).toBe(200);
      expect(open.text).toContain('The door is open, Léonard');
      const again = await type(app, uuid, typed);
      expect(again.status).toBe(403);
      expect(again.text).toContain('already been used');
      expect(again.text).not.toContain('Type the code again');
    },
  );

  it('lets a guest who mistyped the code try again', async () => {
    const app = await openLouvre();
    const { code, uuid, address } = await issueCode(app);
    const refused = await type(app, uuid, wrong(code));
    expect(refused.status).toBe(403);
    expect(refused.text).toMatch(/<h1>Wrong code<\/h1>\s*<p>This code does not open the door\./);
    expect(refused.text).toContain(`<a class="button" href="${address}">Type the code again</a>`);
    expect((await type(app, uuid, '')).text).toContain('Type the code again');
    expect((await type(app, uuid, code)).status).toBe(200);
  });

  it('is locked after five wrong codes, and looks the same', async () => {
    const app = await openLouvre();
    const { code, uuid } = await issueCode(app);
    const pages = [];
    for (const _ of [1, 2, 3, 4, 5]) pages.push((await type(app, uuid, wrong(code))).text);
    const right = await type(app, uuid, code);
    expect(right.status).toBe(403);
    expect(new Set([...pages, right.text]).size).toBe(1);
  });

  it('takes no chosen password', async () => {
    const app = await openLouvre();
    const chosen = { guest: 'Léonard', offer: 'door/enter', expires: '1 hour', secret: 'chosen' };
    const answer = await request(app)
      .post('/tickets')
      .accept('text/html')
      .send(form({ ...chosen, password: 'I love Paris' }));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('The door takes a code');
  });
});
