import type { Page, Response } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { inBrowserOn, SCRIPTING } from './browser.js';
import { openRooms, type Rooms } from './rooms.js';
import { expectConfirmPage, goBack, historyOf, open, press, textOf } from './sight.js';

type Again = (page: Page, link: string) => Promise<Response | null>;

for (const { platform, title, options } of SCRIPTING) {
  inBrowserOn(platform, `the way from a link, ${title},`, (adapter, guests) => {
    let rooms: Rooms;

    beforeAll(async () => {
      rooms = await openRooms(adapter);
    });

    /** A guest who has opened a link. */
    async function visit() {
      const { link, uuid, credentials } = await rooms.invite('/louvre');
      const page = await guests.arrive(options);
      expect(await open(page, link)).toBe(200);
      return { page, link, uuid, secret: credentials.password, ran: () => rooms.ledger.count(uuid) };
    }

    it('leads to a page with one button, and by that to the handler, once', async () => {
      const { page, ran, uuid } = await visit();
      await expectConfirmPage(page);
      expect(page.url()).toBe(`${rooms.origin()}/louvre`);
      expect(ran()).toBe(0);
      expect(await press(page)).toBe(200);
      expect(await textOf(page)).toContain('Welcome to the Louvre');
      expect(ran()).toBe(1);
      expect(await rooms.row(uuid)).toMatchObject({ usedAt: expect.any(Number) });
    });

    it('[L-4] leaves the secret in no address, in no entry of the history, on no page', async () => {
      const { page, secret } = await visit();
      const pages = [await page.content()];
      await press(page);
      pages.push(await page.content());
      const clean = `${rooms.origin()}/louvre`;
      expect(await historyOf(page)).toEqual(['about:blank', clean, expect.stringContaining(`${clean}?`)]);
      for (const shown of [...pages, ...(await historyOf(page))]) expect(shown).not.toContain(secret);
    });

    it('keeps the other parameters of the link, on both pages', async () => {
      const { link } = await rooms.invite('/louvre');
      const page = await guests.arrive(options);
      await open(page, `${link}&utm_source=a+b&floor=2&floor=3&note=%22%3E%3Cb%3E`);
      expect(page.url()).toBe(`${rooms.origin()}/louvre?utm_source=a+b&floor=2&floor=3&note=%22%3E%3Cb%3E`);
      expect(await press(page)).toBe(200);
      const parameters = new URL(page.url()).searchParams;
      expect(parameters.getAll('floor')).toEqual(['2', '3']);
      expect([parameters.get('utm_source'), parameters.get('note')]).toEqual(['a b', '"><b>']);
    });

    it.each([
      ['a reload', (page) => page.reload()],
      ['the link', (page, link) => page.goto(link)],
      ['the link in another tab', async (page, link) => (await page.context().newPage()).goto(link)],
    ] satisfies [string, Again][])('[R-6] says that the ticket is used, after %s', async (_, again) => {
      const { page, link, uuid, ran } = await visit();
      await press(page);
      const row = await rooms.row(uuid);
      const answer = await again(page, link);
      expect(answer!.status()).toBe(403);
      expect(await answer!.text()).toContain('already been used');
      expect(ran()).toBe(1);
      expect(await rooms.row(uuid)).toEqual(row);
    });

    it('[R-6] says that the ticket is used to a guest who goes back and presses the button again', async () => {
      const { page, uuid, ran } = await visit();
      await press(page);
      const row = await rooms.row(uuid);
      await goBack(page);
      // Chromium keeps the page, in spite of no-store, and so shows the button once more; others ask for it.
      if ((await page.getByRole('button').count()) > 0) expect(await press(page)).toBe(403);
      expect(await textOf(page)).toContain('already been used');
      expect(ran()).toBe(1);
      expect(await rooms.row(uuid)).toEqual(row);
    });
  });
}

inBrowserOn('Fastify', 'a link to a file', (adapter, guests) => {
  it('hands the file out once', async () => {
    const rooms = await openRooms(adapter);
    const { link, uuid } = await rooms.invite('/report');
    const page = await guests.arrive({ javaScriptEnabled: false });
    await open(page, link);
    await expectConfirmPage(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button').click()]);
    expect(download.suggestedFilename()).toBe('report.txt');
    expect(await download.failure()).toBeNull();
    expect(rooms.ledger.count(uuid)).toBe(1);
    // The page with the button is still there.
    expect(await press(page)).toBe(403);
    expect(await textOf(page)).toContain('already been used');
    expect(rooms.ledger.count(uuid)).toBe(1);
  });
});
