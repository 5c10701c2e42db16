import { Controller, Get, Header, UseInterceptors } from '@nestjs/common';
import {
  type ConfirmPageContext,
  Invitation,
  InvitationRequired,
  StampInvitation,
  type Ticket,
} from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { Ledger } from '../support/app.js';
import { stripPrefix } from '../support/stripping-proxy.js';
import { eachAdapterInBrowser } from './browser.js';
import { HTML, openRooms, page as pageOf, RoomsController } from './rooms.js';
import { expectConfirmPage, open, press, textOf } from './sight.js';

/** The root of the app. */
@Controller()
class RootController {
  constructor(private readonly ledger: Ledger) {}

  @Get()
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  @Header('Content-Type', HTML)
  visit(@Invitation() ticket: Ticket): string {
    this.ledger.note(ticket.uuid);
    return pageOf('<h1>Welcome to the Louvre museum</h1>');
  }
}

/** As apps have written it to this day. */
const confirm = ({ action, fields }: ConfirmPageContext): string =>
  pageOf(
    `<form action="${action}">${fields.map(({ name, value }) => `<input type="hidden" name="${name}" value="${value}">`).join('')}<button>Go on</button></form>`,
  );

const ADDRESSES = [
  { prefix: '', path: '/louvre', query: '' },
  { prefix: '/museum', path: '/louvre', query: '' },
  { prefix: '/sites/museum', path: '/louvre', query: '?page=2&page=a+b' },
  { prefix: '/museum', path: '/', query: '?page=2' },
  { prefix: '/museum', path: '', query: '' },
];

eachAdapterInBrowser('a guest behind a proxy that takes a prefix off', (adapter, guests) => {
  it.each([
    ['the built-in page', {}, ADDRESSES],
    ['a page of the app’s', { confirm }, ADDRESSES.slice(1, 3)],
  ])('[F-2] stays where the browser is, fragment included, on %s', async (_, pages, addresses) => {
    const controllers = [RoomsController, RootController];
    const rooms = await openRooms(adapter, { controllers, options: { pages } });
    for (const { prefix, path, query } of addresses) {
      const { link, uuid } = await rooms.invite('/louvre');
      const guest = await guests.arrive({ javaScriptEnabled: false });
      const here = `http://localhost:${await stripPrefix(rooms.app, prefix)}${prefix}${path}`;
      const shown = `${query || '?'}&${new URL(link).search.slice(1)}`;
      expect(await open(guest, `${here}${shown}#room-6`)).toBe(200);
      expect(guest.url().replace('?#', '#')).toBe(`${here}${query}#room-6`);
      await expectConfirmPage(guest);
      expect(await press(guest)).toBe(200);
      expect(await textOf(guest)).toContain('Welcome to the Louvre');
      const { pathname, searchParams, hash } = new URL(guest.url());
      expect([pathname, hash]).toEqual([new URL(here).pathname, '#room-6']);
      expect(searchParams.getAll('page')).toEqual(new URLSearchParams(query).getAll('page'));
      expect(rooms.ledger.count(uuid)).toBe(1);
    }
  });
});
