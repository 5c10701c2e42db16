import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { barrier } from '../support/barrier.js';
import { faultsOnAnyScreen } from './accessibility.js';
import { inBrowserOn } from './browser.js';
import { type Invited, openRooms, page as pageOf, type Rooms } from './rooms.js';
import { open, press, textOf } from './sight.js';

type Arrival = (page: Page, rooms: Rooms, invited: Invited) => Promise<number>;

const PAST = Date.UTC(2026, 0, 1);

const ARRIVALS: [string, number, string, Arrival][] = [
  ['the page with the button', 200, 'One more step', (page, _, { link }) => open(page, link)],
  [
    'the page without a ticket',
    401,
    'A link is needed',
    (page, rooms) => open(page, `${rooms.origin()}/louvre`),
  ],
  [
    'the page for a wrong secret',
    403,
    'not valid here',
    (page, _, { link }) => open(page, `${link.slice(0, -1)}~`),
  ],
  [
    'the page for a used ticket',
    403,
    'already been used',
    async (page, rooms, { link, uuid }) => {
      await rooms.tamper(uuid, { usedAt: PAST });
      return open(page, link);
    },
  ],
  [
    'the page for an expired ticket',
    403,
    'has expired',
    async (page, rooms, { link, uuid }) => {
      await rooms.tamper(uuid, { expiresAt: PAST });
      return open(page, link);
    },
  ],
  [
    'the page for a revoked ticket',
    403,
    'has been revoked',
    async (page, rooms, { link, uuid }) => {
      await rooms.tickets.revoke(uuid);
      return open(page, link);
    },
  ],
  ['the page for a ticket that is being used', 409, 'being used right now', comeWhileItIsUsed],
];

inBrowserOn('Express', 'a page of the library', (adapter, guests) => {
  let rooms: Rooms;

  beforeAll(async () => {
    rooms = await openRooms(adapter);
  });

  it.each(ARRIVALS)(
    'is for everybody, at any size, in light and dark: %s',
    async (_, status, text, arrive) => {
      const page = await guests.arrive();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) complaints.push(message.text());
      });
      expect(await arrive(page, rooms, await rooms.invite('/louvre'))).toBe(status);
      expect(await textOf(page)).toContain(text);
      expect(complaints).toEqual([]);
      expect(await faultsOnAnyScreen(page)).toEqual([]);
    },
  );

  it.each([
    ['de-AT', 'de', 'Noch ein Schritt', 'wurde bereits verwendet', '1. Januar 2026'],
    ['ja-JP', 'ja', 'あと1ステップです', 'すでに使用されています', '2026年1月1日'],
  ])("is for everybody in the browser's language, too: %s", async (locale, lang, confirm, used, date) => {
    const page = await guests.arrive({ locale });
    const { link, uuid } = await rooms.invite('/louvre');
    for (const [change, status, text] of [
      [{}, 200, confirm],
      [{ usedAt: PAST }, 403, used],
    ] as const) {
      if (Object.keys(change).length > 0) await rooms.tamper(uuid, change);
      expect(await open(page, link)).toBe(status);
      expect(await page.locator('html').getAttribute('lang')).toBe(lang);
      expect(await textOf(page)).toContain(text);
      expect(await faultsOnAnyScreen(page)).toEqual([]);
    }
    expect(await page.locator('time').innerText()).toContain(date);
  });

  it('is looked at by a check that finds faults', async () => {
    const page = await guests.arrive();
    const faint = '<p style="color: #ccc; background: #fff; width: 2000px">Faint</p><button></button>';
    await page.setContent(pageOf(faint));
    const faults = (await faultsOnAnyScreen(page)).join('\n');
    for (const fault of [
      'light: button-name',
      'light: color-contrast',
      'dark: color-contrast',
      '320 px',
      '200 %',
    ])
      expect(faults).toContain(fault);
  });
});

async function comeWhileItIsUsed(page: Page, rooms: Rooms): Promise<number> {
  const { link } = await rooms.invite('/password');
  const [begun, going] = [barrier(), barrier()];
  rooms.pace.handle = () => {
    begun.open();
    return going.opened;
  };
  await open(page, link);
  const other = await page.context().newPage();
  await open(other, page.url());
  const first = press(other);
  await begun.opened;
  const status = await press(page);
  going.open();
  await first;
  return status;
}
