import { readFileSync } from 'node:fs';
import { Controller, Get, Post, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation, Ticket, Invitation } from 'nestjs-ticketoffice';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { captureLog } from '../invitations/captured-log.js';
import { ask } from '../invitations/ask.js';
import { allowScripts, TurnstileController } from '../readme/turnstile.controller.js';
import { Ledger } from '../support/app.js';
import { eachAdapterInBrowser } from './browser.js';
import { type Elsewhere, openElsewhere } from './elsewhere.js';
import { openRooms, page as pageOf, type Rooms } from './rooms.js';
import { open } from './sight.js';

const DOCUMENTED = readFileSync(new URL('../../docs/browser-scripts.md', import.meta.url), 'utf8');
/** The script of the page, as it is printed. */
const SCRIPT = /^```js\n(const API = .*?)^```$/ms.exec(DOCUMENTED)![1]!;

@Controller()
class RoomsController {
  constructor(private readonly ledger: Ledger) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  look(@Invitation() ticket: Ticket) {
    return { ticket: ticket.uuid };
  }

  @Get('once')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  once() {
    this.ledger.note('once');
  }

  @Post('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit() {
    this.ledger.note('visit');
  }
}

interface Outcome {
  readonly answer?: unknown;
  readonly code?: string;
  readonly message?: string;
  readonly retryAfter?: string | null;
}

eachAdapterInBrowser('a script of another origin', (adapter, guests) => {
  let rooms: Rooms;
  let elsewhere: Elsewhere;

  beforeAll(async () => {
    elsewhere = await openElsewhere();
    rooms = await openRooms(adapter, {
      controllers: [TurnstileController, RoomsController],
      // The single-page app's address, as the page says.
      options: { baseUrl: elsewhere.origin('localhost') },
      before: (app) => allowScripts(app, ['localhost', 'app.example'].map(elsewhere.origin)),
    });
    const script = SCRIPT.replace('https://api.example', rooms.origin());
    elsewhere.show(pageOf(`<h1>A single-page app</h1><script>${script}</script>`));
  });
  beforeEach(() => void (rooms.ledger.entries.length = 0));

  /** A guest in the app, under one of its names. */
  async function arrive(host = 'localhost') {
    const page = await guests.arrive();
    await open(page, elsewhere.origin(host));
    return page;
  }

  /** A code, by the recipe's own route. */
  async function issue() {
    const { body } = await ask(rooms.app, '/turnstile/codes', { method: 'POST' });
    return JSON.parse(body) as { uuid: string; code: string };
  }

  /** What the documented script tells its guest. */
  const enter = (page: Page, uuid: string, code: string): Promise<Outcome> =>
    page.evaluate(
      ([named, typed]) => {
        const { enter: show } = globalThis as unknown as Record<
          string,
          (...args: unknown[]) => Promise<unknown>
        >;
        return show!(named, typed).then(
          (answer) => ({ answer }),
          (error: Outcome) => ({ code: error.code, message: error.message, retryAfter: error.retryAfter }),
        );
      },
      [uuid, code],
    );

  const usedAt = async (uuid: string) => (await rooms.row(uuid))!.usedAt;
  const spaced = (code: string) => `${code.slice(0, 4)} ${code.slice(4)}`;

  it('[F-26] types a code with a blank, in once, and is told by JSON what was wrong', async () => {
    const page = await arrive();
    const { uuid, code } = await issue();
    const wrong = code === '00000000' ? '11111111' : '00000000';
    expect(await enter(page, uuid, wrong)).toEqual({
      code: 'TICKET_INVALID',
      message: 'This link or code is not valid here.',
      retryAfter: null,
    });
    expect(await enter(page, uuid, spaced(code))).toEqual({ answer: { entered: uuid } });
    expect(await enter(page, uuid, code)).toMatchObject({ code: 'TICKET_USED' });
    expect(await enter(page, '', '')).toMatchObject({ code: 'TICKET_INVALID' });
  });

  it('[F-26] may read when to try again', async () => {
    const page = await arrive();
    const { uuid, code } = await issue();
    const claim = await rooms.tickets.claim((await rooms.tickets.find(uuid))!);
    expect(await enter(page, uuid, code)).toMatchObject({ code: 'TICKET_BUSY', retryAfter: '1' });
    await claim.release();
    expect(await enter(page, uuid, code)).toEqual({ answer: { entered: uuid } });
  });

  it('[F-26] asks first whether it may (a preflight), which needs no ticket and counts as no guess', async () => {
    const { uuid, code } = await issue();
    const before = await rooms.row(uuid);
    const preflight = await ask(rooms.app, '/turnstile', {
      method: 'OPTIONS',
      headers: {
        Origin: elsewhere.origin('localhost'),
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type, authorization',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': elsewhere.origin('localhost'),
      'access-control-allow-credentials': 'true',
    });
    expect(preflight.headers['access-control-allow-headers']).toMatch(/authorization/i);
    expect(await rooms.row(uuid)).toEqual(before);
    expect(await enter(await arrive(), uuid, code)).toEqual({ answer: { entered: uuid } });
  });

  it('[F-26] gets no further than that where CORS does not allow its origin', async () => {
    const { uuid, code } = await issue();
    const before = await rooms.row(uuid);
    const stranger = await arrive('stranger.example');
    expect(await enter(stranger, uuid, code)).toMatchObject({ message: 'Failed to fetch' });
    expect(await rooms.row(uuid)).toEqual(before);
  });

  it('[S-6] does by a pass nothing that it could not do without, though baseUrl is its own address', async () => {
    const page = await arrive();
    const log = captureLog();
    const { link, uuid } = await rooms.invite('/louvre');
    await open(page, link);
    await open(page, elsewhere.origin('localhost'));
    const call = (path: string, method: string) =>
      page.evaluate(
        async ([address, how]) => {
          const response = await fetch(address!, { method: how, credentials: 'include' });
          return [
            response.status,
            (await response.json()) as { errorCode?: string; ticket?: string },
          ] as const;
        },
        [rooms.origin() + path, method],
      );
    const refused = [403, { errorCode: 'TICKET_INVALID' }];
    expect(await call('/louvre', 'POST')).toMatchObject(refused);
    expect(await call('/once', 'GET')).toMatchObject(refused);
    expect(await call('/louvre', 'GET')).toEqual([200, { ticket: uuid }]);
    expect([rooms.ledger.entries, await usedAt(uuid)]).toEqual([[], null]);
    const advice = log.map(({ text }) => text).join('\n');
    expect(advice).toContain(elsewhere.origin('localhost'));
    expect(advice).not.toContain('write its origin into baseUrl');
    // From another site, the browser sends no pass.
    await open(page, elsewhere.origin('app.example'));
    expect(await call('/louvre', 'GET')).toMatchObject([401, { errorCode: 'TICKET_MISSING' }]);
  });
});
