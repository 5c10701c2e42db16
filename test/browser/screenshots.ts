import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { eachAdapter } from '../support/apps.js';
import { openLouvre } from '../sample-app/louvre.js';
import { issueAt } from './box-office.js';
import { inBrowser } from './browser.js';
import { openRooms, originOf } from './rooms.js';
import { open, press } from './sight.js';

const PAGE = { viewport: { width: 640, height: 360 } };
const SCREEN = { viewport: { width: 900, height: 640 } };
const PHONE = { viewport: { width: 390, height: 560 } };

const save = (page: Page, name: string): Promise<unknown> => {
  const path = fileURLToPath(new URL(`../../docs/screenshots/${name}.png`, import.meta.url));
  return page.screenshot({ path, animations: 'disabled' });
};

// `npm run screenshots`, which is no part of the suite.
inBrowser('pictures', (guests) => {
  eachAdapter('of the library', (adapter) => {
    it.runIf(adapter.name === 'Express')('shows its pages', async () => {
      const rooms = await openRooms(adapter);
      const take = async (options: BrowserContextOptions, suffix = '') => {
        const page = await guests.arrive(options);
        await open(page, `${rooms.origin()}/louvre`);
        if (suffix === '') await save(page, 'unauthorized');
        const { link } = await rooms.invite('/louvre');
        await open(page, link);
        await save(page, `confirm${suffix}`);
        await press(page);
        expect(await open(page, link)).toBe(403);
        await save(page, `used${suffix}`);
      };
      await take(PAGE);
      await take({ ...PHONE, colorScheme: 'dark' }, '-dark');
    });
  });

  it('shows the sample app', async () => {
    const origin = originOf(await openLouvre({ REQUESTS_PER_MINUTE: '1000' }));
    const clerk = await guests.arrive(SCREEN);
    const door = await issueAt(clerk, origin, 'door/enter');
    const { link } = await issueAt(clerk, origin, 'louvre/visit');
    await save(clerk, 'sample-issued');
    const guest = await guests.arrive(PHONE);
    await open(guest, link);
    await save(guest, 'sample-confirm');
    await press(guest);
    await open(guest, door.link);
    await save(guest, 'sample-door');
    await clerk.goto(`${origin}/#tickets`);
    await save(clerk, 'sample-box-office');
  });
});
