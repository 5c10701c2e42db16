import { All, Controller, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInTransaction, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp, queriesOf } from '../support/app.js';
import { ask, cookieOf, follow, queryOf } from './ask.js';
import { formOf } from './page.form.js';

@Controller()
class LouvreController {
  constructor(private readonly ledger: Ledger) {}

  @All('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit() {
    this.ledger.note('visit');
  }

  @All('vault')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  vault() {
    this.ledger.note('vault');
  }

  @All('garden')
  @InvitationRequired('louvre', 'visit')
  unstamped() {
    this.ledger.note('garden');
  }
}

const HTML = { Accept: 'text/html,*/*;q=0.8' };
const PATHS = ['/louvre', '/vault'];

eachAdapter('A program that opens a link before its guest', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    const argon2 = { memoryCost: 7168, timeCost: 5, parallelism: 1 };
    museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController], options: { argon2 } });
  });

  async function invite(path: string, password?: string) {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit', password });
    const before = await museum.row(credentials.uuid);
    museum.ledger.entries.length = 0;
    return {
      link: `${path}?${queryOf(credentials)}`,
      expectUntouched: async () => {
        expect(museum.ledger.entries).toEqual([]);
        expect(await museum.row(credentials.uuid)).toEqual(before);
      },
    };
  }

  /** Opens a link as a browser does: cookies kept, redirects followed. */
  async function browse(link: string) {
    const opened = await ask(museum.app, link, { headers: HTML });
    const cookie = { Cookie: cookieOf(opened) };
    const browseOn = (target: string, headers: Record<string, string> = {}) =>
      ask(museum.app, target, { headers: { ...HTML, ...cookie, ...headers } });
    const location = follow(link, opened.headers.location!);
    return { page: await browseOn(location), location, browseOn };
  }

  for (const path of PATHS) {
    it.each([
      ['a generated secret', undefined],
      ["a human's password", 'I love Paris'],
    ])(`[L-5] uses nothing up at ${path}, and counts no guess, by a link with %s`, async (_, password) => {
      const { link, expectUntouched } = await invite(path, password);
      for (const method of ['HEAD', 'OPTIONS', 'HEAD']) {
        const answer = await ask(museum.app, link, { method, headers: HTML });
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
      for (let opened = 0; opened < 2; opened += 1) formOf((await browse(link)).page.body, link);
      await expectUntouched();
      const guest = await browse(link);
      expect((await guest.browseOn(formOf(guest.page.body, guest.location).target)).status).toBe(200);
      expect(museum.ledger.entries).toEqual([path.slice(1) === 'vault' ? 'vault' : 'visit']);
    });
  }

  const inAdvance = ['Sec-Purpose', 'X-Sec-Purpose', 'Purpose', 'X-Purpose', 'X-Moz'].flatMap((name) =>
    ['prefetch', 'preview', 'prefetch;prerender', 'prefetch;anonymous-client-ip']
      .flatMap((value) => [value, value.toUpperCase()])
      .map((value) => [name, value] as const),
  );

  it.each(inAdvance)(
    '[F-13] gets no pass for a link that it loads in advance (%s: %s)',
    async (name, value) => {
      const { link, expectUntouched } = await invite('/louvre');
      const answer = await ask(museum.app, link, { headers: { ...HTML, [name]: value } });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([503, undefined]);
      await expectUntouched();
    },
  );

  it.each([
    ['Sec-Purpose', 'prefetch'],
    ['Sec-Purpose', 'prefetch;prerender'],
    ['X-Sec-Purpose', 'prefetch'],
    ['Purpose', 'prefetch'],
    ['X-Moz', 'prefetch'],
    ['X-Purpose', 'preview'],
  ])('[L-6] gets no pass and runs nothing in advance (%s: %s)', async (name, value) => {
    for (const path of ['/louvre', '/vault', '/garden']) {
      const { link, expectUntouched } = await invite(path);
      const guest = await browse(link);
      museum.ledger.entries.length = 0;
      const queries = await queriesOf(museum, async () => {
        const ahead = { ...HTML, [name]: value };
        for (const answer of [
          await ask(museum.app, link, { headers: ahead }),
          await guest.browseOn(path, { [name]: value }),
        ]) {
          // Not a success: a browser would show it when the guest comes.
          expect(answer.status).toBe(503);
          expect(answer.headers['set-cookie']).toBeUndefined();
          expect(answer.headers['cache-control']).toBe('no-store');
        }
      });
      expect(queries).toEqual([]);
      await expectUntouched();
      expect((await guest.browseOn(path)).status).toBe(200);
    }
  });
});
