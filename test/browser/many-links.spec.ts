import { Controller, Get, Header, type Type, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { inBrowserOn } from './browser.js';
import { HTML, linkUnder, openRooms, page as pageOf, type Rooms } from './rooms.js';
import { open, press, textOf } from './sight.js';

const LINKS = 30;
/** Of the bytes in a Cookie header: what is left of 8 kB, the least that a proxy takes, is the app's. */
const MOST_BYTES = 4096;

function roomController(number: number): Type {
  @Controller()
  class RoomController {
    @Get(`room-${number}`)
    @InvitationRequired('museum', `room ${number}`)
    @UseInterceptors(StampInvitation)
    @Header('Content-Type', HTML)
    visit(): string {
      return pageOf(`<h1>Welcome to room ${number}</h1>`);
    }
  }
  return RoomController;
}

const NUMBERS = Array.from({ length: LINKS }, (_, index) => index + 1);

inBrowserOn('Fastify', 'a guest with many links', (adapter, guests) => {
  let rooms: Rooms;

  beforeAll(async () => {
    rooms = await openRooms(adapter, { controllers: NUMBERS.map(roomController) });
  });

  it('[S-10] keeps a bounded number of passes, of which the newest work', async () => {
    const page = await guests.arrive();
    for (const number of NUMBERS) {
      const purpose = `room ${number}`;
      const { credentials } = await rooms.tickets.issue({ place: 'museum', purpose });
      const link = linkUnder(rooms.origin(), rooms.tickets.url(`/room-${number}`, credentials));
      expect(await open(page, link), purpose).toBe(200);
    }
    const cookies = await page.context().cookies();
    const sent = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    expect(cookies.length).toBeLessThan(LINKS);
    expect(sent.length).toBeLessThan(MOST_BYTES);
    for (const number of NUMBERS.slice(-3)) {
      expect(await open(page, `${rooms.origin()}/room-${number}`)).toBe(200);
      expect(await press(page)).toBe(200);
      expect(await textOf(page)).toContain(`Welcome to room ${number}`);
    }
    // The oldest has made room: its guest opens the link again.
    expect(await open(page, `${rooms.origin()}/room-1`)).toBe(401);
  });
});
