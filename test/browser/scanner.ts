import type { Page } from 'playwright-core';
import { ask, cookieOf } from '../invitations/ask.js';
import type { Rooms } from './rooms.js';

/** In ms: as long as the scanners of mail providers let a page run its scripts. */
export const STAY = 5000;

/** What Accept says when a program asks: of a browser's kind, and any. */
const ACCEPTED = ['text/html,application/xhtml+xml,*/*;q=0.8', '*/*'];

/** Opens a link as mail scanners do, before the guest: by programs that keep cookies, then twice in a browser. */
export async function scan({ app }: Rooms, link: string, page: Page, stay: number): Promise<void> {
  const { pathname, search } = new URL(link);
  await ask(app, pathname + search, { method: 'HEAD' });
  for (const Accept of ACCEPTED) {
    const { headers } = await ask(app, pathname + search, { headers: { Accept } });
    const target = headers.location ?? pathname + search;
    await ask(app, target, { method: 'HEAD', headers: { Accept, Cookie: cookieOf({ headers }) } });
    await ask(app, target, { headers: { Accept, Cookie: cookieOf({ headers }) } });
  }
  for (const _ of ['once', 'twice']) {
    await page.goto(link);
    // What the page might do by itself in this time is what the test is about.
    await page.waitForTimeout(stay);
  }
}
