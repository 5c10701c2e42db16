import type { Page } from 'playwright-core';
import { linkUnder } from './rooms.js';

/** What a guest is sent: the link, or the address where a code is typed. */
export interface Sent {
  readonly link: string;
  readonly code: string;
}

/** Issues a ticket by the form of the sample app's box office. */
export async function issueAt(page: Page, origin: string, offer: string): Promise<Sent> {
  await page.goto(origin);
  await page.getByLabel('Guest').fill('Léonard');
  await page.getByLabel('What for').selectOption(offer);
  await page.getByRole('button', { name: 'Issue the ticket', exact: true }).click();
  return sentBy(page, origin);
}

/** What the page of an issued or reissued ticket shows. */
export async function sentBy(page: Page, origin: string): Promise<Sent> {
  await page.getByRole('article', { name: 'The ticket' }).waitFor();
  const code = page.locator('strong.code');
  if ((await code.count()) === 0) {
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    return { link: linkUnder(origin, link), code: '' };
  }
  const address = await page.getByRole('link', { name: '/door/' }).innerText();
  return { link: linkUnder(origin, address), code: await code.innerText() };
}

/** The badge of the newest ticket on the list. */
export const newest = (page: Page) => page.locator('.ticket').first().locator('.badge');
