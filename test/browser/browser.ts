import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { beforeAll, describe, inject } from 'vitest';
import { eachAdapter, type TestAdapter } from '../support/adapters.js';
import { afterwards, ownResources } from '../support/suite-scope.js';

/** The guests of one block: they share a Chromium, and nothing else. */
export interface Guests {
  /** A tab of a guest with cookies and a history of their own; it closes with the test. */
  arrive(options?: BrowserContextOptions): Promise<Page>;
}

// Names of hosts that a browser does not trust as it does localhost: over http it tells them no Sec-Fetch-Site.
const NAMES_OF_HOSTS = '--host-resolver-rules=MAP *.example 127.0.0.1';
const ARGS = ['--disable-gpu', '--disable-background-networking', NAMES_OF_HOSTS];

// In ms: less than a test has, so that what a guest waits for in vain is named.
const PATIENCE = 10_000;

/** A describe with a Chromium of its own; skipped where there is none, which the run's last lines tell. */
export function inBrowser(title: string, body: (guests: Guests) => void): void {
  const executablePath = inject('chromium');
  describe.skipIf(executablePath === null)(title, () => {
    let browser: Browser;
    ownResources();
    beforeAll(async () => {
      browser = await launch(executablePath!);
      afterwards(() => browser.close());
    });
    body({
      async arrive(options) {
        const context = await browser.newContext(options);
        afterwards(() => context.close());
        context.setDefaultTimeout(PATIENCE);
        return context.newPage();
      },
    });
  });
}

/** The same on Express and on Fastify. */
export function eachAdapterInBrowser(
  title: string,
  body: (adapter: TestAdapter, guests: Guests) => void,
): void {
  inBrowser('in a browser', (guests) => eachAdapter(title, (adapter) => body(adapter, guests)));
}

function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ARGS,
    chromiumSandbox: false,
    // People's browsers have it: the back button may show a page without asking for it.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}

/** With scripts, and without. */
export const SCRIPTING = [
  { title: 'without JavaScript', options: { javaScriptEnabled: false } },
  { title: 'with JavaScript', options: { javaScriptEnabled: true } },
] as const;
