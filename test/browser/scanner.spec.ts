import { beforeAll, expect, it } from 'vitest';
import { inBrowserOn } from './browser.js';
import { openRooms, type Rooms } from './rooms.js';
import { scan, STAY } from './scanner.js';
import { expectConfirmPage, open, press, textOf } from './sight.js';

const UNTOUCHED = { usedAt: null, claimId: null, attempts: 0 };

inBrowserOn('Fastify', 'a scanner that opens the link', (adapter, guests) => {
  let rooms: Rooms;

  beforeAll(async () => {
    rooms = await openRooms(adapter);
  });

  it('[L-5] uses nothing up and counts no guess; then the guest succeeds', async () => {
    const generated = await rooms.invite('/louvre');
    const human = await rooms.invite('/louvre', 'localhost', 'I love Paris');
    const invited = [generated, human];
    const rows = () => Promise.all(invited.map(({ uuid }) => rooms.row(uuid)));
    const before = await rows();
    // At the same time, since a scan takes its time.
    const scanners = await Promise.all(invited.map(() => guests.arrive()));
    await Promise.all(invited.map(({ link }, which) => scan(rooms, link, scanners[which]!, STAY)));
    for (const scanner of scanners) await expectConfirmPage(scanner);
    expect(await rows()).toEqual(before);
    expect(before).toMatchObject([UNTOUCHED, UNTOUCHED]);
    for (const { link, uuid } of invited) {
      expect(rooms.ledger.count(uuid)).toBe(0);
      const guest = await guests.arrive({ javaScriptEnabled: false });
      await open(guest, link);
      expect(await press(guest)).toBe(200);
      expect(await textOf(guest)).toContain('Welcome to the Louvre');
      expect(rooms.ledger.count(uuid)).toBe(1);
    }
  });

  it('[L-5] is caught using a ticket up where there is no page to confirm', async () => {
    const double = await openRooms(adapter, { options: { confirm: false } });
    const { link, uuid } = await double.invite('/louvre');
    await scan(double, link, await guests.arrive(), 0);
    expect(double.ledger.count(uuid)).toBe(1);
    expect(await double.row(uuid)).toMatchObject({ usedAt: expect.any(Number) });
    const guest = await guests.arrive();
    expect(await open(guest, link)).toBe(403);
  });
});
