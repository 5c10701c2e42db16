import { beforeAll, beforeEach, expect, it } from 'vitest';
import { barrier } from '../support/barrier.js';
import { inBrowserOn } from './browser.js';
import { openRooms, type Rooms } from './rooms.js';
import { goBack, open, press, textOf } from './sight.js';

/** What the guest can read after the second press: each says what has become of the ticket. */
const ANSWERED = /Welcome|Changed|already been used|being used right now/;

const BUTTONS = [
  { platform: 'Fastify', room: '/louvre', title: 'before a GET', options: { javaScriptEnabled: false } },
  { platform: 'Express', room: '/password', title: 'of a form that posts', options: {} },
] as const;

for (const { platform, room, title, options } of BUTTONS) {
  inBrowserOn(platform, `the button ${title}, pressed twice,`, (adapter, guests) => {
    let rooms: Rooms;

    beforeAll(async () => {
      rooms = await openRooms(adapter);
    });

    beforeEach(() => {
      rooms.pace.handle = () => undefined;
    });

    async function visit() {
      const { link, uuid } = await rooms.invite(room);
      const page = await guests.arrive(options);
      await open(page, link);
      return { page, link, uuid, ran: () => rooms.ledger.count(uuid) };
    }

    /** Holds the handler up; `begun` resolves once it runs. */
    function holdUp() {
      const [begun, going] = [barrier(), barrier()];
      rooms.pace.handle = () => {
        begun.open();
        return going.opened;
      };
      return { begun: begun.opened, goOn: going.open };
    }

    it('[R-6] runs the handler once from two tabs with the link, one after the other', async () => {
      const { page, link, ran } = await visit();
      const other = await page.context().newPage();
      await open(other, link);
      expect(await press(page)).toBe(200);
      expect(await textOf(page)).toMatch(/Welcome|Changed/);
      expect(await press(other)).toBe(403);
      expect(await textOf(other)).toContain('already been used');
      expect(ran()).toBe(1);
    });

    it('[R-1] runs the handler once from two tabs at the same time; the other is told', async () => {
      const { page, ran } = await visit();
      const other = await page.context().newPage();
      await open(other, page.url());
      const { begun, goOn } = holdUp();
      const first = press(page);
      await begun;
      const [second] = [press(other), await other.waitForRequest(() => true)];
      // A POST is told to wait. A GET of the same address is held back by Chromium itself, as long as the other lasts.
      if (room === '/password') expect(await second).toBe(409);
      goOn();
      expect(await first).toBe(200);
      expect([403, 409]).toContain(await second);
      expect(await textOf(other)).toMatch(/already been used|being used right now/);
      expect(ran()).toBe(1);
    });

    it('[R-6] runs the handler once for a double click, and tells the guest', async () => {
      const { page, ran, uuid } = await visit();
      const before = await textOf(page);
      const { begun, goOn } = holdUp();
      await page.getByRole('button').dblclick({ noWaitAfter: true });
      await begun;
      goOn();
      await expect.poll(async () => (await rooms.row(uuid))!.usedAt).not.toBeNull();
      await expect.poll(() => textOf(page)).not.toBe(before);
      expect(await textOf(page)).toMatch(ANSWERED);
      expect(ran()).toBe(1);
    });

    // Only a GET is asked again by itself: to send a POST again is for the guest to decide.
    it.runIf(room === '/louvre')(
      '[F-29] tells the guest of a double click in the end that all went well',
      async () => {
        const { page, ran } = await visit();
        const { begun, goOn } = holdUp();
        const busy = page.waitForResponse((response) => response.status() === 409);
        const { x, y } = (await page.getByRole('button').boundingBox())!;
        await page.mouse.click(x + 5, y + 5);
        await begun;
        await page.mouse.click(x + 5, y + 5, { clickCount: 2 });
        await busy;
        await expect.poll(() => textOf(page)).toContain('One moment, please');
        goOn();
        await page.getByText('all went well').waitFor();
        expect(await textOf(page)).toContain('already been used');
        expect(ran()).toBe(1);
      },
    );

    it('[R-6] runs the handler once for a guest who loses patience and presses again, and tells the guest', async () => {
      const { page, ran } = await visit();
      const before = await textOf(page);
      const { begun, goOn } = holdUp();
      const { x, y } = (await page.getByRole('button').boundingBox())!;
      // By its place, since playwright would wait with the second press until the first was answered.
      await page.mouse.click(x + 5, y + 5);
      await begun;
      await page.mouse.click(x + 5, y + 5);
      goOn();
      await expect.poll(() => textOf(page)).not.toBe(before);
      expect(await textOf(page)).toMatch(ANSWERED);
      expect(ran()).toBe(1);
    });

    it('[R-6] runs the handler once for a guest who goes back after it, and presses again', async () => {
      const { page, ran } = await visit();
      expect(await press(page)).toBe(200);
      await goBack(page);
      if ((await page.getByRole('button').count()) > 0) expect(await press(page)).toBe(403);
      expect(await textOf(page)).toContain('already been used');
      expect(ran()).toBe(1);
    });
  });
}
