import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import type { TicketOfficeOptions } from 'nestjs-ticketoffice';
import { describe } from 'vitest';
import type { TestAdapter } from '../../support/adapters.js';
import { type MuseumParts } from '../../support/app.js';
import { SessionStore, withSessions } from '../../support/sessions.js';
import { Browser } from '../browser.js';

/** The signed tokens that are kept for a browser, each by the name it is kept under. */
export type Tokens = Record<string, string>;

/** One of the two places where passes are kept, and how a test looks into it. */
export interface PassStoreUnderTest {
  readonly name: 'cookie' | 'session';
  /** What an app needs for it, beside its own parts. */
  parts(adapter: TestAdapter): Required<Pick<MuseumParts, 'controllers' | 'before'>> & {
    options: Pick<TicketOfficeOptions, 'pass'>;
  };
  tokens(browser: Browser): Promise<Tokens>;
  /** Puts other texts in their place. */
  tamper(browser: Browser, tokens: Tokens): Promise<void>;
}

/** Shows a session to its guest, and writes what it is told. */
@Controller('session')
export class SessionController {
  @Get()
  show(@Req() { session }: { session: object }): object {
    const { cookie, ...fields } = Object.fromEntries(Object.entries(session)) as { cookie: object };
    return { ...fields, lifetime: (cookie as { originalMaxAge?: number }).originalMaxAge ?? null };
  }

  @Post()
  write(@Req() { session }: { session: { cookie: object } }, @Body() body: Record<string, unknown>): string {
    const { lifetime, ...fields } = body;
    Object.assign(session, fields);
    if (lifetime) Object.assign(session.cookie, { maxAge: lifetime });
    return 'Written';
  }
}

/** The fields of a browser's session, and how long its cookie is kept. */
export const sessionOf = async (browser: Browser): Promise<Record<string, unknown>> =>
  JSON.parse((await browser.visit('/session')).body) as Record<string, unknown>;

export async function writeSession(browser: Browser, fields: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  await browser.visit('/session', { method: 'POST', headers, body: JSON.stringify(fields) });
}

const cookie: PassStoreUnderTest = {
  name: 'cookie',
  parts: () => ({ controllers: [], before: () => undefined, options: {} }),
  tokens: async ({ cookies }) =>
    Object.fromEntries([...cookies].filter(([name]) => name.includes('ticket-office-'))),
  async tamper({ cookies }, tokens) {
    for (const [name, text] of Object.entries(tokens)) cookies.set(name, text);
  },
};

const session: PassStoreUnderTest = {
  name: 'session',
  parts: (adapter) => ({
    controllers: [SessionController],
    before: withSessions(adapter, new SessionStore()),
    options: { pass: { store: 'session' } },
  }),
  tokens: async (browser) => ((await sessionOf(browser)).ticketOffice ?? {}) as Tokens,
  tamper: async (browser, tokens) =>
    writeSession(browser, { ticketOffice: { ...(await session.tokens(browser)), ...tokens } }),
};

/** A describe for passes in cookies, and one for passes in the session. */
export function eachPassStore(body: (store: PassStoreUnderTest) => void): void {
  for (const store of [cookie, session]) describe(`in a ${store.name}`, () => body(store));
}
