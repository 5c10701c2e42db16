import { statSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLouvre } from '../sample-app/louvre.js';
import { issueAt, newest, sentBy } from './box-office.js';
import { inBrowser } from './browser.js';
import { originOf } from './rooms.js';
import { change, click, shows, type } from './sample-guest.js';
import { goBack, open, textOf } from './sight.js';

const WITHOUT_SCRIPTS = { javaScriptEnabled: false };
const MUCH = { REQUESTS_PER_MINUTE: '1000' };

inBrowser('The sample app', (guests) => {
  let origin: string;

  beforeAll(async () => {
    origin = originOf(await openLouvre(MUCH));
  });

  describe('without JavaScript', () => {
    /** A box office with a ticket, and its guest, who has a browser of their own. */
    async function invite(offer: string) {
      const clerk = await guests.arrive(WITHOUT_SCRIPTS);
      const sent = await issueAt(clerk, origin, offer);
      return { clerk, ...sent, guest: await guests.arrive(WITHOUT_SCRIPTS) };
    }

    it('welcomes a guest once', async () => {
      const { clerk, guest, link } = await invite('louvre/visit');
      expect(await open(guest, link)).toBe(200);
      expect(guest.url()).toBe(`${origin}/louvre`);
      await click(guest, 'Enter the museum');
      await shows(guest, 'Welcome to the Louvre museum Léonard');
      expect(await open(guest, link)).toBe(403);
      expect(await textOf(guest)).toContain('already been used');
      await clerk.goto(origin);
      expect(await newest(clerk).innerText()).toBe('used');
    });

    it('changes a password once, and accepts another after a rejected one', async () => {
      const { guest, link } = await invite('account/reset-password');
      await open(guest, link);
      await change(guest, 'short');
      await shows(guest, 'This needs another look');
      await change(guest, 'long enough for the Louvre');
      await shows(guest, 'Password changed');
      await guest.getByRole('link', { name: 'Log in with it' }).click();
      await goBack(guest);
      await shows(guest, 'Password changed');
      await guest.goto(`${origin}/account/password`);
      expect(await textOf(guest)).toContain('already been used');
      await guest.goto(`${origin}/account/login`);
      await guest.getByLabel('Account').fill('léonard');
      await guest.getByLabel('Password').fill('long enough for the Louvre');
      await click(guest, 'Log in');
      await shows(guest, 'Welcome back');
    });

    it('sends a whole report once, after a download that was cut short', async () => {
      const { clerk, guest, link } = await invite('report/2024-05/download');
      await open(guest, link);
      const cut = guest.waitForEvent('download');
      const slowness = await slowDown(guest);
      await click(guest, 'Download the report');
      const partial = await cut;
      await clerk.goto(origin);
      expect(await newest(clerk).innerText()).toBe('in use');
      await partial.cancel();
      await slowness.end();
      await expect
        .poll(async () => {
          await clerk.goto(origin);
          return newest(clerk).innerText();
        })
        .toBe('valid');
      const whole = guest.waitForEvent('download');
      await click(guest, 'Download the report');
      expect(statSync(await (await whole).path()).size).toBeGreaterThan(4_000_000);
      await click(guest, 'Download the report');
      await shows(guest, 'already been used');
    });

    it('opens the door to a typed code, once, after a wrong one', async () => {
      const { guest, link, code } = await invite('door/enter');
      await open(guest, link);
      await type(guest, code === '0000 0000' ? '1111 1111' : '0000 0000');
      await guest.getByRole('link', { name: 'Type the code again' }).click();
      await type(guest, code);
      await shows(guest, 'The door is open, Léonard');
      await open(guest, link);
      await type(guest, code);
      await shows(guest, 'already been used');
    });

    it('reissues and revokes at the box office', async () => {
      const { clerk, guest, link } = await invite('louvre/visit');
      await clerk.goto(origin);
      await click(clerk, 'Reissue');
      const { link: other } = await sentBy(clerk, origin);
      expect([await open(guest, link), await open(guest, other)]).toEqual([403, 200]);
      await clerk.goto(origin);
      await click(clerk, 'Revoke');
      await shows(clerk, 'revoked');
      await click(guest, 'Enter the museum');
      await shows(guest, 'has been revoked');
    });
  });

  it('keeps the list of the box office up to date by itself, and reopens from there', async () => {
    const clerk = await guests.arrive();
    const { link } = await issueAt(clerk, origin, 'report/2024-05/download');
    await clerk.goto(origin);
    const watcher = await clerk.context().newPage();
    await watcher.goto(origin);
    const guest = await guests.arrive(WITHOUT_SCRIPTS);
    await open(guest, link);
    const begun = guest.waitForEvent('download');
    await slowDown(guest);
    await click(guest, 'Download the report');
    await begun;
    await expect.poll(() => newest(watcher).innerText()).toBe('in use');
    expect(await watcher.getByRole('status').innerText()).toContain('in use');
    await click(watcher, 'Reopen');
    await watcher.waitForURL(/#ticket-/);
    await expect.poll(() => newest(watcher).innerText()).toBe('valid');
  });
});

/** Slows the network down so that a download takes long. */
async function slowDown(page: Page): Promise<{ end: () => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  const [downloadThroughput, uploadThroughput] = [20_000, 20_000];
  const network = { offline: false, latency: 0, downloadThroughput, uploadThroughput };
  await session.send('Network.emulateNetworkConditions', network);
  return { end: () => session.detach() };
}
