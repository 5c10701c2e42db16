import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page, PageScreenshotOptions } from 'playwright-core';
import { expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { openLouvre } from '../sample-app/louvre.js';
import { issueAt } from './box-office.js';
import { inBrowser } from './browser.js';
import { openRooms, originOf } from './rooms.js';
import { open, press } from './sight.js';

const PAGE = { viewport: { width: 640, height: 360 } };
const SCREEN = { viewport: { width: 900, height: 640 } };
const PHONE = { viewport: { width: 390, height: 560 } };

/** In px, around a part of a page. */
const MARGIN = 24;

const save = (page: Page, name: string, options: PageScreenshotOptions = {}): Promise<unknown> => {
  const path = fileURLToPath(new URL(`../../docs/screenshots/${name}.png`, import.meta.url));
  return page.screenshot({ path, animations: 'disabled', ...options });
};

/** A part of a page, cut through no line. */
async function savePart(page: Page, name: string, selector: string): Promise<void> {
  const { y, height } = (await page.locator(selector).boundingBox())!;
  const { width } = page.viewportSize()!;
  const clip = { x: 0, y: y - MARGIN, width, height: height + 2 * MARGIN };
  await save(page, name, { clip, fullPage: true });
}

// `npm run screenshots`, which is no part of the suite.
inBrowser('pictures', (guests) => {
  eachAdapter('of the library', (adapter) => {
    it.runIf(adapter.name === 'Express')('shows its pages', async () => {
      const rooms = await openRooms(adapter);
      const take = async (options: BrowserContextOptions, suffix = '', wanted = ['confirm', 'used']) => {
        const page = await guests.arrive(options);
        await open(page, `${rooms.origin()}/louvre`);
        if (suffix === '') await save(page, 'unauthorized');
        const { link } = await rooms.invite('/louvre');
        await open(page, link);
        if (wanted.includes('confirm')) await save(page, `confirm${suffix}`);
        await press(page);
        expect(await open(page, link)).toBe(403);
        if (wanted.includes('used')) await save(page, `used${suffix}`);
      };
      await take(PAGE);
      await take({ ...PHONE, colorScheme: 'dark' }, '-dark');
      await take({ ...PAGE, locale: 'fr-CA' }, '-french', ['used']);
      // The machine needs a font with Japanese characters: fonts-noto-cjk, for example.
      await take({ ...PAGE, locale: 'ja-JP' }, '-japanese', ['confirm']);
    });
  });

  it('shows the sample app', async () => {
    const origin = originOf(await openLouvre({ REQUESTS_PER_MINUTE: '1000' }));
    const clerk = await guests.arrive(SCREEN);
    const door = await issueAt(clerk, origin, 'door/enter');
    await issueAt(clerk, origin, 'account/reset-password');
    const { link } = await issueAt(clerk, origin, 'louvre/visit');
    await save(clerk, 'sample-issued');
    const guest = await guests.arrive(PHONE);
    await open(guest, link);
    await save(guest, 'sample-confirm');
    await press(guest);
    await open(guest, door.link);
    await save(guest, 'sample-door');
    for (const _ of [1, 2, 3, 4, 5]) {
      await open(guest, door.link);
      await guest.getByLabel('Code').fill('no code');
      await press(guest);
    }
    await clerk.goto(origin);
    await savePart(clerk, 'sample-box-office', '#tickets');
  });
});
