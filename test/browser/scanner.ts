import type { Page } from 'playwright-core';
import { ask, cookieOf, follow } from '../invitations/ask.js';
import type { Rooms } from './rooms.js';

/** In ms: as long as the scanners of mail providers let a page run its scripts. */
export const STAY = 5000;

/** What Accept says when a browser asks, or a program that passes for one. */
const Accept = 'text/html,application/xhtml+xml,*/*;q=0.8';

/** Opens a link as mail scanners do, before the guest: by programs, then twice in a browser. */
export async function scan({ app }: Rooms, link: string, page: Page, stay: number): Promise<void> {
  const { pathname, search } = new URL(link);
  const target = pathname + search;
  for (const method of ['HEAD', 'GET']) {
    await ask(app, target, { method });
    // One that goes where it is sent, and keeps cookies.
    const { headers } = await ask(app, target, { method, headers: { Accept } });
    await ask(app, follow(target, headers.location ?? ''), {
      method,
      headers: { Accept, Cookie: cookieOf({ headers }) },
    });
  }
  for (const _ of ['once', 'twice']) {
    await page.goto(link);
    // What the page might do by itself in this time is what the test is about.
    await page.waitForTimeout(stay);
  }
}
