import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { openLouvre } from '../sample-app/louvre.js';
import { issueAt, newest } from './box-office.js';
import { inBrowser } from './browser.js';
import { originOf } from './rooms.js';

inBrowser('The sample app’s description of its API', (guests) => {
  let origin: string;

  beforeAll(async () => {
    origin = originOf(await openLouvre({ REQUESTS_PER_MINUTE: '1000' }));
  });

  /** The operation of a page, by its method and path. */
  const operation = (page: Page, method: string, path: string) =>
    page.locator(`.opblock-${method}`, { has: page.locator(`[data-path="${path}"]`) });

  /** Opens the page, and returns what its browser has objected to. */
  async function openApi(page: Page): Promise<string[]> {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    // A megabyte of scripts takes a busy machine its time.
    page.setDefaultTimeout(30_000);
    await page.goto(`${origin}/api`);
    await operation(page, 'get', '/louvre').waitFor();
    return complaints;
  }

  it('shows the routes of guests with a lock, within its Content Security Policy', async () => {
    const page = await guests.arrive();
    const complaints = await openApi(page);
    const paths = await page.locator('.opblock-summary-path').allInnerTexts();
    expect(paths.map((path) => path.replaceAll('\u200b', '')).toSorted()).toEqual([
      '/account/password',
      '/account/password',
      '/door',
      '/louvre',
      '/report/{id}',
      '/report/{id}',
    ]);
    expect(await page.locator('.opblock .authorization__btn').count()).toBe(paths.length);
    await operation(page, 'get', '/louvre').locator('.opblock-summary-control').click();
    await page.getByText('Needs a ticket for the place').waitFor();
    expect(complaints).toEqual([]);
  });

  it('uses a ticket up by “Authorize” and “Execute”, once', async () => {
    const clerk = await guests.arrive();
    const { link } = await issueAt(clerk, origin, 'louvre/visit');
    const { searchParams } = new URL(link);
    const page = await guests.arrive();
    await openApi(page);
    await page.locator('.auth-wrapper .authorize').click();
    const ticket = `Ticket ${searchParams.get('uuid')}:${searchParams.get('password')}`;
    await page.locator('.modal-ux input[type=text]').fill(ticket);
    await page.locator('.modal-ux').getByRole('button', { name: 'Apply credentials' }).click();
    await page.locator('.modal-ux').getByRole('button', { name: 'Close' }).click();
    const visit = operation(page, 'get', '/louvre');
    await visit.locator('.opblock-summary-control').click();
    await visit.getByRole('button', { name: 'Try it out' }).click();
    const status = visit.locator('.live-responses-table .response-col_status').last();
    const execute = visit.getByRole('button', { name: 'Execute' });
    await execute.click();
    await expect.poll(() => status.innerText()).toBe('200');
    await execute.click();
    await expect.poll(() => status.innerText()).toContain('403');
    await visit.getByText('TICKET_USED').first().waitFor();
    await clerk.goto(origin);
    expect(await newest(clerk).innerText()).toBe('used');
  });
});
