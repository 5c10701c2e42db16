import { Body, Controller, Get, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { Ledger } from '../support/app.js';
import { eachAdapterInBrowser } from './browser.js';
import { type Elsewhere, openElsewhere } from './elsewhere.js';
import { openRooms, page as pageOf, type Rooms } from './rooms.js';
import { open } from './sight.js';

@Controller()
class ApiController {
  constructor(private readonly ledger: Ledger) {}

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return { welcome: true };
  }

  @Post('louvre')
  @HttpCode(200)
  @InvitationRequired('louvre', 'visit', { credentials: ['body'] })
  @UseInterceptors(StampInvitation)
  join(@Invitation() ticket: Ticket, @Body() _body: unknown) {
    this.ledger.note(ticket.uuid);
    return { welcome: true };
  }
}

/** What a script of the page gets for a request: its status and its JSON. */
const fetchIn = (page: Page, url: string, options: object): Promise<{ status: number; body: unknown }> =>
  page.evaluate(
    async ([address, settings]) => {
      const response = await fetch(address, settings);
      return { status: response.status, body: await response.json() };
    },
    [url, options] as const,
  );

eachAdapterInBrowser('a single-page app on another port', (adapter, guests) => {
  let rooms: Rooms;
  let elsewhere: Elsewhere;

  beforeAll(async () => {
    elsewhere = await openElsewhere();
    elsewhere.show(pageOf('<h1>A single-page app</h1>'));
    rooms = await openRooms(adapter, {
      controllers: [ApiController],
      // Cookies allowed, too: the worst that an app can do.
      before: (app) => app.enableCors({ origin: elsewhere.origin('localhost'), credentials: true }),
    });
  });

  async function arrive() {
    const page = await guests.arrive();
    await open(page, elsewhere.origin('localhost'));
    return { page, ...(await rooms.invite('/louvre')) };
  }

  it('[F-26] is shown no page for a link that it fetches, and uses nothing up', async () => {
    const { page, link, uuid } = await arrive();
    for (const headers of [{}, { Accept: 'text/html' }, { Accept: 'application/json' }]) {
      const { status, body } = await fetchIn(page, link, { credentials: 'include', headers });
      expect([status, body]).toEqual([403, expect.objectContaining({ errorCode: 'TICKET_INVALID' })]);
    }
    expect((await rooms.row(uuid))!.usedAt).toBeNull();
  });

  it('[F-26] sends the credentials itself, in a JSON body or in the header, once', async () => {
    for (const way of ['body', 'header']) {
      const { page, credentials } = await arrive();
      const { uuid, password } = credentials;
      const headers =
        way === 'header'
          ? { Authorization: `Ticket ${uuid}:${password}` }
          : { 'Content-Type': 'application/json' };
      const body = way === 'header' ? undefined : JSON.stringify({ uuid, password });
      const send = () => fetchIn(page, `${rooms.origin()}/louvre`, { method: 'POST', headers, body });
      expect(await send()).toEqual({ status: 200, body: { welcome: true } });
      expect(await send()).toMatchObject({ status: 403, body: { errorCode: 'TICKET_USED' } });
      expect(rooms.ledger.count(uuid)).toBe(1);
    }
  });
});
