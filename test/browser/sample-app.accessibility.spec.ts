import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { openLouvre } from '../sample-app/louvre.js';
import { faultsOnAnyScreen } from './accessibility.js';
import { issueAt } from './box-office.js';
import { inBrowser } from './browser.js';
import { originOf } from './rooms.js';
import { change, click, shows, type } from './sample-guest.js';
import { open } from './sight.js';

inBrowser('The sample app', (guests) => {
  let origin: string;

  beforeAll(async () => {
    origin = originOf(await openLouvre({ REQUESTS_PER_MINUTE: '1000' }));
  });

  it('shows to everybody, at any size, in light and dark, the box office and its tickets', async () => {
    const page = await guests.arrive();
    await page.goto(origin);
    await check(page, 'Box office');
    await issueAt(page, origin, 'door/enter');
    await check(page, 'A ticket for Léonard');
    const { link } = await issueAt(page, origin, 'louvre/visit');
    await check(page, 'A ticket for Léonard');
    await page.goto(origin);
    await check(page, 'Box office');
    await page.getByRole('link', { name: 'a list of guests' }).click();
    await check(page, 'A list of guests');
    await page.getByLabel('Guests').fill('Léonard, order 1452\n, 7');
    await click(page, 'Issue the tickets');
    await shows(page, 'Line 2: write the guest’s name.');
    await check(page, 'A list of guests');
    await page.getByLabel('Guests').fill('Léonard, order 1452\nLisa');
    await click(page, 'Issue the tickets');
    await check(page, 'Tickets for 2 guests');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download them' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('tickets.csv');
    expect(await file.failure()).toBeNull();
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

  it('shows to everybody, at any size, in light and dark, its forms, and what comes of them', async () => {
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

async function check(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, level: 1, exact: true }).waitFor();
  await checkAny(page);
}

async function checkAny(page: Page): Promise<void> {
  expect(await faultsOnAnyScreen(page), page.url()).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
}
