import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Header, Injectable, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, type Ticket } from 'nestjs-ticketoffice';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { Ledger } from '../support/app.js';
import { inBrowserOn } from './browser.js';
import { HTML, linkUnder, openRooms, page as pageOf, type Rooms } from './rooms.js';
import { open } from './sight.js';

/** What the square outside has on its walls. */
@Injectable()
class Wall {
  html = '';
}

// Without the page to confirm, so that only what is tested here keeps the handler from running.
@Controller()
class SquareController {
  constructor(
    private readonly wall: Wall,
    private readonly ledger: Ledger,
  ) {}

  @Get('square')
  @Header('Content-Type', HTML)
  square(): string {
    return pageOf(this.wall.html);
  }

  @Get('lobby')
  @InvitationRequired('louvre', 'visit')
  @Header('Content-Type', HTML)
  lobby(): string {
    return pageOf('<h1>Lobby</h1>');
  }

  @Get('louvre')
  @InvitationRequired('louvre', 'visit', { confirm: false })
  @UseInterceptors(StampInvitation)
  @Header('Content-Type', HTML)
  visit(@Invitation() ticket: Ticket): string {
    this.ledger.note(ticket.uuid);
    return pageOf('<h1>Welcome</h1>');
  }
}

const speculation = (deed: 'prefetch' | 'prerender') => (link: string) =>
  `<script type="speculationrules">${JSON.stringify({ [deed]: [{ source: 'list', urls: [link], eagerness: 'immediate' }] })}</script>`;

const WAYS = [
  ['Express', 'a hint', (link: string) => `<link rel="prefetch" href="${link}">`],
  ['Fastify', 'a rule of speculation', speculation('prefetch')],
  ['Express', 'a rule to render it', speculation('prerender')],
] as const;

for (const [platform, title, by] of WAYS) {
  inBrowserOn(platform, `a link that the browser fetches beforehand by ${title}`, (adapter, guests) => {
    let rooms: Rooms;

    beforeAll(async () => {
      rooms = await openRooms(adapter, { controllers: [SquareController], providers: [Wall] });
    });

    /** Goes to the square, and returns once the browser has fetched the link that is there. */
    async function lookAround(page: Page, link: string): Promise<void> {
      rooms.app.get(Wall).html = `${by(link)}<a href="${link}">Visit</a>`;
      const fetched = answered(rooms, (request) => request.headers['sec-purpose'] !== undefined);
      await open(page, `${rooms.origin()}/square`);
      await fetched;
    }

    it('[L-6] gives no pass and uses nothing up; then the guest is welcome', async () => {
      const { link, uuid } = await rooms.invite('/louvre');
      const before = await rooms.row(uuid);
      const page = await guests.arrive();
      await lookAround(page, link);
      expect(await page.context().cookies()).toEqual([]);
      expect(await rooms.row(uuid)).toEqual(before);
      await visit(page, uuid);
    });

    it('[L-6] uses nothing up for a guest who has a pass already', async () => {
      const { uuid, credentials } = await rooms.invite('/louvre');
      const page = await guests.arrive();
      await open(page, linkUnder(rooms.origin(), rooms.tickets.url('/lobby', credentials)));
      const before = await rooms.row(uuid);
      await lookAround(page, `${rooms.origin()}/louvre`);
      expect(await rooms.row(uuid)).toEqual(before);
      await visit(page, uuid);
    });

    async function visit(page: Page, uuid: string): Promise<void> {
      expect(rooms.ledger.count(uuid)).toBe(0);
      await page.getByRole('link').click();
      await page.getByText('Welcome').waitFor();
      expect(rooms.ledger.count(uuid)).toBe(1);
    }
  });
}

/** Resolves when the app has answered such a request. */
function answered({ app }: Rooms, such: (request: IncomingMessage) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const server: NodeJS.EventEmitter = app.getHttpServer();
    server.on('request', function listen(request: IncomingMessage, response: ServerResponse) {
      if (!such(request)) return;
      server.off('request', listen);
      response.once('close', resolve);
    });
  });
}
