import { statSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openLouvre } from '../sample-app/louvre.js';
import { faultsOnAnyScreen } from './accessibility.js';
import { issueAt, newest, sentBy } from './box-office.js';
import { inBrowser } from './browser.js';
import { originOf } from './rooms.js';
import { goBack, open, textOf } from './sight.js';

const WITHOUT_SCRIPTS = { javaScriptEnabled: false };
const MUCH = { REQUESTS_PER_MINUTE: '1000' };

const click = (page: Page, name: string) =>
  page
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first()
    .click();
const shows = (page: Page, text: string) => page.locator('main').getByText(text).first().waitFor();

inBrowser('The sample app', (guests) => {
  const start = async () => originOf(await openLouvre(MUCH));

  describe('without JavaScript', () => {
    /** A box office with a ticket, and its guest, who has a browser of their own. */
    async function invite(offer: string) {
      const origin = await start();
      const clerk = await guests.arrive(WITHOUT_SCRIPTS);
      const sent = await issueAt(clerk, origin, offer);
      return { origin, clerk, ...sent, guest: await guests.arrive(WITHOUT_SCRIPTS) };
    }

    it('welcomes a guest once', async () => {
      const { origin, clerk, guest, link } = await invite('louvre/visit');
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
      const { origin, guest, link } = await invite('account/reset-password');
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
      const { origin, clerk, guest, link } = await invite('report/2024-05/download');
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
      const { origin, clerk, guest, link } = await invite('louvre/visit');
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
    const origin = await start();
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

  describe('to everybody, at any size, in light and dark,', () => {
    it('shows the box office and its tickets', async () => {
      const origin = await start();
      const page = await guests.arrive();
      await page.goto(origin);
      await check(page, 'Box office');
      await issueAt(page, origin, 'door/enter');
      await check(page, 'A ticket for Léonard');
      const { link } = await issueAt(page, origin, 'louvre/visit');
      await check(page, 'A ticket for Léonard');
      await page.goto(origin);
      await check(page, 'Box office');
      await page.goto(`${origin}/nowhere`);
      await check(page, 'Not Found');
      await page.goto(`${origin}/louvre`);
      await checkAny(page);
      await page.goto(link);
      await check(page, 'Welcome, Léonard');
      await click(page, 'Enter the museum');
      await check(page, 'Welcome to the Louvre museum Léonard');
      await page.goto(link);
      await checkAny(page);
    });

    it('shows its forms, and what comes of them', async () => {
      const origin = await start();
      const page = await guests.arrive();
      const password = await issueAt(page, origin, 'account/reset-password');
      await open(page, password.link);
      await check(page, 'A new password');
      await change(page, 'short');
      await shows(page, 'This needs another look');
      await checkAny(page);
      await change(page, 'long enough for the Louvre');
      await check(page, 'Password changed');
      await page.goto(`${origin}/account/login`);
      await check(page, 'Log in');
      const door = await issueAt(page, origin, 'door/enter');
      await open(page, door.link);
      await check(page, 'The door');
      await type(page, 'nonsense');
      await page.getByRole('link', { name: 'Type the code again' }).waitFor();
      await checkAny(page);
      await open(page, door.link);
      await type(page, door.code);
      await check(page, 'The door is open, Léonard');
      const report = await issueAt(page, origin, 'report/2024-05/download');
      await open(page, report.link);
      await check(page, 'The visitors of May 2024');
    });
  });
});

async function change(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password').fill(password);
  await page.getByLabel('The same again').fill(password);
  await click(page, 'Change the password');
}

async function type(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code').fill(code);
  await click(page, 'Open the door');
}

/** Slows the network down so that a download takes long. */
async function slowDown(page: Page): Promise<{ end: () => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  const [downloadThroughput, uploadThroughput] = [20_000, 20_000];
  const network = { offline: false, latency: 0, downloadThroughput, uploadThroughput };
  await session.send('Network.emulateNetworkConditions', network);
  return { end: () => session.detach() };
}

async function check(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, level: 1, exact: true }).waitFor();
  await checkAny(page);
}

async function checkAny(page: Page): Promise<void> {
  expect(await faultsOnAnyScreen(page), page.url()).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
}
