import { Controller, Get, Header, Headers, Post } from '@nestjs/common';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { Ledger } from '../support/app.js';
import { inBrowserOn } from './browser.js';
import { type Elsewhere, openElsewhere } from './elsewhere.js';
import { PLACES } from './places.js';
import { HTML, openRooms, page as pageOf, type Room, type Rooms, RoomsController } from './rooms.js';
import { open, press } from './sight.js';

/** The ways in which a page can send a POST with what the browser keeps for another origin. */
const WAYS = [
  ['a form', {}, (url: string) => autoSubmit(url)],
  ['a form that hides its origin', { 'Referrer-Policy': 'no-referrer' }, (url: string) => autoSubmit(url)],
  ['a script', {}, (url: string) => script(url)],
] as const;

/** The ways in which a page can load something of another origin, with what the browser keeps for that. */
const LOADS = [
  ['a picture', (url: string) => `<img src="${url}" alt="">`],
  ['a fetch that reads JSON', (url: string) => asReader(url)],
  ['a fetch that reads', (url: string) => `<script>fetch('${url}', { credentials: 'include' })</script>`],
] as const;
/** Like a script of the app's own, but for what the browser says of its origin. */
const asReader = (url: string) => `<script>fetch('${url}', ${AS_READER})</script>`;
const AS_READER = "{ credentials: 'include', headers: { Accept: 'application/json' } }";
/** The same, told by Fetch Metadata alone, which plain http does not have. */
const asProgram = (url: string) => `<script>fetch('${url}', ${AS_PROGRAM})</script>`;
const AS_PROGRAM = "{ mode: 'no-cors', credentials: 'include', headers: { Accept: 'application/json' } }";

/** Trusts SameSite alone. */
@Controller('naive')
class NaiveController {
  constructor(private readonly ledger: Ledger) {}

  @Get()
  @Header('Content-Type', HTML)
  @Header('Set-Cookie', 'naive=pass; Path=/; HttpOnly; SameSite=Lax')
  greet(): string {
    return pageOf('<h1>Here is your pass</h1>');
  }

  @Post()
  post(@Headers('cookie') cookie = ''): void {
    if (cookie.includes('naive=pass')) this.ledger.note('naive');
  }
}

for (const { platform, museum, stranger, relation, status } of PLACES) {
  inBrowserOn(platform, `a page at ${stranger}, ${relation} than ${museum},`, (adapter, guests) => {
    let rooms: Rooms;
    let elsewhere: Elsewhere;

    beforeAll(async () => {
      rooms = await openRooms(adapter, { controllers: [RoomsController, NaiveController] });
      elsewhere = await openElsewhere();
    });

    /** A guest who has opened the link to a room, and so has a pass. */
    async function guestOf(room: Room) {
      const { link, uuid } = await rooms.invite(room, museum);
      const page = await guests.arrive();
      await open(page, link);
      return { page, uuid, ran: () => rooms.ledger.count(uuid), row: () => rooms.row(uuid) };
    }

    const lure = (page: Page) => open(page, elsewhere.origin(stranger));

    it.each(WAYS)('[S-6] cannot post with the pass by %s', async (_, headers, way) => {
      const { page, ran, row } = await guestOf('/password');
      const before = await row();
      elsewhere.show(way(`${rooms.origin(museum)}/password`), headers);
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await lure(page);
      expect((await answered).status()).toBe(status);
      expect(ran()).toBe(0);
      expect(await row()).toEqual(before);
      // The guest's own form goes on working.
      expect(await open(page, `${rooms.origin(museum)}/password`)).toBe(200);
      expect(await press(page)).toBe(200);
      expect(ran()).toBe(1);
    });

    it('[S-6] [F-19] cannot post with the pass from a sandbox, which has no origin', async () => {
      const { page, ran, row } = await guestOf('/password');
      const before = await row();
      const form = autoSubmit(`${rooms.origin(museum)}/password`);
      elsewhere.show(form, { 'Content-Security-Policy': 'sandbox allow-forms allow-scripts' });
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await lure(page);
      expect((await answered).request().headers()['origin']).toBe('null');
      expect([401, 403]).toContain((await answered).status());
      expect(ran()).toBe(0);
      expect(await row()).toEqual(before);
    });

    it('[F-19] takes nothing from the guest’s own form, whose page has no header of its own', async () => {
      const { page, ran } = await guestOf('/password');
      const sent = page.waitForRequest((request) => request.method() === 'POST');
      expect(await press(page)).toBe(200);
      const headers = await (await sent).allHeaders();
      expect(headers['origin']).toBe(rooms.origin(museum));
      // Over http, Fetch Metadata is for localhost alone.
      expect(headers['sec-fetch-site'] !== undefined).toBe(museum === 'localhost');
      expect(ran()).toBe(1);
    });

    const loads = [...LOADS, ...(museum === 'localhost' ? [['a fetch of JSON', asProgram] as const] : [])];
    it.each(loads)('[S-6] cannot use a ticket up by %s', async (_, load) => {
      const { page, ran, row } = await guestOf('/louvre');
      const before = await row();
      const url = `${rooms.origin(museum)}/louvre`;
      elsewhere.show(pageOf(load(url)));
      const loaded = page.waitForEvent('requestfinished', (request) => request.url() === url);
      const failed = page.waitForEvent('requestfailed', (request) => request.url() === url);
      await lure(page);
      await Promise.race([loaded, failed]);
      expect(ran()).toBe(0);
      expect(await row()).toEqual(before);
    });

    it('[S-6] is caught posting, from the same site, where SameSite alone protects', async () => {
      const page = await guests.arrive();
      await open(page, `${rooms.origin(museum)}/naive`);
      const before = rooms.ledger.count('naive');
      elsewhere.show(autoSubmit(`${rooms.origin(museum)}/naive`));
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await lure(page);
      await answered;
      expect(rooms.ledger.count('naive') - before).toBe(status === 403 ? 1 : 0);
    });
  });
}

const FIELD = '<input name="chosen" value="of the stranger">';

function autoSubmit(url: string): string {
  const form = `<form method="post" action="${url}">${FIELD}</form>`;
  return pageOf(`${form}<script>document.forms[0].submit()</script>`);
}

function script(url: string): string {
  const options = "{ method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams() }";
  return pageOf(`<script>fetch('${url}', ${options})</script>`);
}
