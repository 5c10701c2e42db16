import { beforeAll, expect, it } from 'vitest';
import { inBrowserOn } from './browser.js';
import { openRooms, type Rooms } from './rooms.js';
import { open, press } from './sight.js';

const BUTTONS = [
  { platform: 'Fastify', room: '/louvre', title: 'the page with the button' },
  { platform: 'Express', room: '/password', title: 'a form that posts' },
] as const;

for (const { platform, room, title } of BUTTONS) {
  inBrowserOn(platform, `two links in two tabs, to ${title},`, (adapter, guests) => {
    let rooms: Rooms;

    beforeAll(async () => {
      rooms = await openRooms(adapter);
    });

    it('[S-13] use up the ticket of the tab whose button is pressed', async () => {
      const [a, b] = [await rooms.invite(room), await rooms.invite(room)];
      const one = await guests.arrive();
      await open(one, a.link);
      const other = await one.context().newPage();
      await open(other, b.link);
      const used = async () => [(await rooms.row(a.uuid))!.usedAt, (await rooms.row(b.uuid))!.usedAt];
      expect(await press(one)).toBe(200);
      expect(await used()).toEqual([expect.any(Number), null]);
      expect(await press(other)).toBe(200);
      expect(await used()).toEqual([expect.any(Number), expect.any(Number)]);
    });
  });
}
