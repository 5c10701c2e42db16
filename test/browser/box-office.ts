import type { Page } from 'playwright-core';
import { linkUnder } from './rooms.js';

/** What a guest is sent: the link, or the address where a code is typed. */
export interface Sent {
  readonly link: string;
  readonly code: string;
}

/** Issues a ticket at the sample app's box office, as its visitor does who fills in the form. */
export async function issueAt(page: Page, origin: string, errand: string): Promise<Sent> {
  await page.goto(origin);
  await page.getByLabel('Guest').fill('Léonard');
  await page.getByLabel('What for').selectOption(errand);
  await page.getByRole('button', { name: 'Issue the ticket', exact: true }).click();
  return sentBy(page, origin);
}

/** What the page shows of a ticket that was issued just now, or reissued. */
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

/** What the box office's list says of its newest ticket. */
export const newest = (page: Page) => page.locator('.stub').first().locator('.badge');
