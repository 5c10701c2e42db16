import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What a guest reads. */
export const textOf = (page: Page): Promise<string> => page.locator('main').innerText();

/** Opens a link, as a guest does who clicks it in a mail, and returns the status of what is shown in the end. */
export async function open(page: Page, link: string): Promise<number> {
  return (await page.goto(link))!.status();
}

/** Presses the one button of a page, and waits for the page that comes. */
export async function press(page: Page): Promise<number> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest()),
    page.getByRole('button').click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}

/** Asserts that a page asks whether to go on: one button, nothing else to press, and no script. */
export async function expectConfirmPage(page: Page): Promise<void> {
  expect(await page.getByRole('button').count()).toBe(1);
  expect(await page.locator('form').count()).toBe(1);
  expect(await page.locator('input[name=ticket-confirmation][type=hidden]').count()).toBe(1);
  expect(await page.locator('a, script').count()).toBe(0);
}

/** The addresses of all that a guest can go back to: what another who sits down at the browser can see. */
export async function historyOf(page: Page): Promise<string[]> {
  const { entries } = await historyIn(page);
  return entries.map(({ url }) => url);
}

/** The back button. The browser may show the page as it was, without asking for it: playwright would wait in vain. */
export async function goBack(page: Page): Promise<void> {
  const { entries, currentIndex } = await historyIn(page);
  const { id, url } = entries[currentIndex - 1]!;
  const session = await page.context().newCDPSession(page);
  await Promise.all([
    page.waitForURL(url, { waitUntil: 'commit' }),
    session.send('Page.navigateToHistoryEntry', { entryId: id }),
  ]);
  await page.locator('main').waitFor();
}

async function historyIn(page: Page) {
  const session = await page.context().newCDPSession(page);
  const history = await session.send('Page.getNavigationHistory');
  await session.detach();
  return history;
}
