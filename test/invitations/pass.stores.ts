import type { TicketOfficeOptions } from 'nestjs-ticketoffice';
import { describe } from 'vitest';
import type { TestAdapter } from '../support/apps.js';
import { type MuseumParts } from '../support/museum.js';
import type { Browser } from './browser.js';

/** The sealed texts that are kept for a browser, each by the name it is kept under. */
export type Seals = Record<string, string>;

/** A place where passes are kept, and how a test looks into it. */
export interface PassStoreUnderTest {
  readonly name: 'cookie';
  /** What an app needs for it, beside its own parts. */
  parts(adapter: TestAdapter): Required<Pick<MuseumParts, 'controllers' | 'before'>> & {
    options: Pick<TicketOfficeOptions, 'pass'>;
  };
  seals(browser: Browser): Promise<Seals>;
  /** Puts other texts in their place. */
  tamper(browser: Browser, seals: Seals): Promise<void>;
}

const cookie: PassStoreUnderTest = {
  name: 'cookie',
  parts: () => ({ controllers: [], before: () => undefined, options: {} }),
  seals: async ({ cookies }) =>
    Object.fromEntries([...cookies].filter(([name]) => name.includes('ticket-office-'))),
  async tamper({ cookies }, seals) {
    for (const [name, text] of Object.entries(seals)) cookies.set(name, text);
  },
};

/** A describe for passes in cookies. */
export function eachPassStore(body: (store: PassStoreUnderTest) => void): void {
  for (const store of [cookie]) describe(`in a ${store.name}`, () => body(store));
}
