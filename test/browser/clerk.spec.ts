import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLouvre } from '../sample-app/louvre.js';
import { faultsOnAnyScreen } from './accessibility.js';
import { issueAt, newest, sentBy } from './box-office.js';
import { inBrowser, SCRIPTING } from './browser.js';
import { originOf } from './rooms.js';
import { open } from './sight.js';

const MUCH = { REQUESTS_PER_MINUTE: '1000' };
const PHONE = { viewport: { width: 375, height: 640 } };

const button = (page: Page, name: string, nth = 0) =>
  page
    .locator('.ticket')
    .nth(nth)
    .getByRole('button', { name: new RegExp(`^${name}`) });

inBrowser('The clerk of the sample app', (guests) => {
  let origin: string;

  beforeAll(async () => {
    origin = originOf(await openLouvre(MUCH));
  });

  describe.each(SCRIPTING)('$title', ({ options }) => {
    it('comes back to the ticket, sees its status, and sends nothing again by a reload', async () => {
      const clerk = await guests.arrive({ ...options, ...PHONE });
      for (const _ of [1, 2, 3, 4, 5]) await issueAt(clerk, origin, 'louvre/visit');
      await clerk.goto(origin);
      await button(clerk, 'Revoke', 3).click();
      const news = clerk.getByRole('status').filter({ hasText: 'is revoked.' });
      await news.waitFor();
      expect(await isInSight(news)).toBe(true);
      expect(await isInSight(clerk.locator('.ticket').nth(3).getByRole('heading'))).toBe(true);
      expect((await clerk.reload())!.request().method()).toBe('GET');
      await news.waitFor();
    });
  });

  it('has pages for everybody, at any size, in light and dark', async () => {
    const clerk = await guests.arrive();
    const { link } = await issueAt(clerk, origin, 'door/enter');
    const door = await guests.arrive();
    for (const _ of [1, 2, 3, 4, 5]) {
      await open(door, link);
      await door.getByLabel('Code').fill('no code');
      await door.getByRole('button', { name: 'Open the door' }).click();
      await door.getByRole('heading', { name: 'Wrong code' }).waitFor();
    }
    await issueAt(clerk, origin, 'louvre/visit');
    await clerk.goto(`${origin}/?show=locked`);
    expect(await newest(clerk).innerText()).toBe('locked');
    await check(clerk);
    await clerk.goto(origin);
    await button(clerk, 'Reissue').click();
    await sentBy(clerk, origin);
    await check(clerk);
    await clerk.getByRole('link', { name: 'Back to the box office' }).click();
    await button(clerk, 'Revoke').click();
    await clerk.getByText('is revoked.').waitFor();
    await check(clerk);
  });
});

/** Whether it can be seen without scrolling, from top to bottom. */
const isInSight = (found: ReturnType<Page['locator']>) =>
  found.evaluate((element: { getBoundingClientRect(): { top: number; bottom: number } }) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= 640;
  });

async function check(page: Page): Promise<void> {
  expect(await faultsOnAnyScreen(page), page.url()).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
}
