import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { inBrowserOn } from './browser.js';
import { type Elsewhere, openElsewhere } from './elsewhere.js';
import { PLACES } from './places.js';
import { openRooms, page as pageOf, type Rooms } from './rooms.js';
import { expectConfirmPage, open, press, textOf } from './sight.js';

for (const { platform, museum, stranger, relation, status } of PLACES) {
  inBrowserOn(platform, `a page at ${stranger}, ${relation} than ${museum},`, (adapter, guests) => {
    let rooms: Rooms;
    let elsewhere: Elsewhere;

    beforeAll(async () => {
      rooms = await openRooms(adapter);
      elsewhere = await openElsewhere();
    });

    /** A guest who has opened the link to a room, and so has a pass. */
    async function guestOf() {
      const { link, uuid } = await rooms.invite('/louvre', museum);
      const page = await guests.arrive();
      await open(page, link);
      return { page, uuid, ran: () => rooms.ledger.count(uuid), row: () => rooms.row(uuid) };
    }

    const lure = (page: Page) => open(page, elsewhere.origin(stranger));

    it('[S-6] cannot lead past the page with the button', async () => {
      const { page, ran, row } = await guestOf();
      const before = await row();
      const another = await guestOf();
      const stolen = await another.page.locator('input[name=ticket-confirmation]').inputValue();
      // Each of these on each platform, since each status is.
      const confirmations = status === 401 ? [undefined, stolen] : ['true', 'A'.repeat(43)];
      for (const confirmation of confirmations) {
        const query = confirmation === undefined ? '' : `?ticket-confirmation=${confirmation}`;
        elsewhere.show(pageOf(`<a href="${rooms.origin(museum)}/louvre${query}">Look</a>`));
        await lure(page);
        await page.getByRole('link').click();
        await page.waitForURL(`${rooms.origin(museum)}/**`);
        await expectConfirmPage(page);
        expect([ran(), another.ran()]).toEqual([0, 0]);
        expect(await row()).toEqual(before);
      }
      expect(await press(page)).toBe(200);
      expect([ran(), another.ran()]).toEqual([1, 0]);
    });

    it('cannot show the page with the button in a frame of its own', async () => {
      const { page, ran } = await guestOf();
      elsewhere.show(pageOf(`<h1>Win a cat</h1><iframe src="${rooms.origin(museum)}/louvre"></iframe>`));
      const framed = page.waitForResponse(`${rooms.origin(museum)}/louvre`);
      await lure(page);
      await framed;
      await page.waitForLoadState();
      expect(await textOf(page)).toContain('Win a cat');
      const [, frame] = page.frames();
      expect(frame!.url()).not.toContain(museum);
      expect(await frame!.getByRole('button', { includeHidden: true }).count()).toBe(0);
      expect(ran()).toBe(0);
    });
  });
}
