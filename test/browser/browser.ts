import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { beforeAll, describe, inject } from 'vitest';
import { adapterNamed, eachAdapter, type TestAdapter } from '../support/adapters.js';
import { afterwards, ownResources } from '../support/suite-scope.js';

/** The guests of one block. They share the Chromium of the worker, and nothing else. */
export interface Guests {
  /** A tab of a guest with cookies and a history of their own; it closes with the test. */
  arrive(options?: BrowserContextOptions): Promise<Page>;
}

// Names of hosts that a browser does not trust as it does localhost: over http it tells them no Sec-Fetch-Site.
const NAMES_OF_HOSTS = '--host-resolver-rules=MAP *.example 127.0.0.1';
const ARGS = ['--disable-gpu', '--disable-background-networking', NAMES_OF_HOSTS];

// In ms: less than a test has, so that the error names what a guest waited for in vain.
const PATIENCE = 10_000;

/** A describe with a Chromium; skipped where there is none, which the run's last lines tell. */
export function inBrowser(title: string, body: (guests: Guests) => void): void {
  const executablePath = inject('chromium');
  describe.skipIf(executablePath === null)(title, () => {
    let browser: Browser;
    ownResources();
    beforeAll(async () => {
      browser = await browserOf(executablePath!);
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

/** The same on one platform: for what no platform can change, or what another block does on the other. */
export function inBrowserOn(
  name: TestAdapter['name'],
  title: string,
  body: (adapter: TestAdapter, guests: Guests) => void,
): void {
  inBrowser(`${title} on ${name}`, (guests) => body(adapterNamed(name), guests));
}

// Modules are loaded anew for each spec file: what outlives one is global. The browser ends with its worker.
const worker = globalThis as { ticketOfficeBrowser?: Promise<Browser> };

/** The worker's browser, launched where it is not running. */
async function browserOf(executablePath: string): Promise<Browser> {
  worker.ticketOfficeBrowser ??= launch(executablePath);
  const browser = await worker.ticketOfficeBrowser;
  if (browser.isConnected()) return browser;
  worker.ticketOfficeBrowser = launch(executablePath);
  return worker.ticketOfficeBrowser;
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

/** With scripts, and without: each on one of the platforms, since no server can tell. */
export const SCRIPTING = [
  { platform: 'Express', title: 'without JavaScript', options: { javaScriptEnabled: false } },
  { platform: 'Fastify', title: 'with JavaScript', options: { javaScriptEnabled: true } },
] as const;
