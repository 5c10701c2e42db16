import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { TestClock } from '../../support/clock.js';
import { anyDatabase, type Museum, SECRET } from '../../support/app.js';
import { Browser } from '../browser.js';
import { issue, openLink, roomController, startPlacesApp } from '../places.app.js';
import { eachPassStore, type PassStoreUnderTest } from './pass.stores.js';

const rooms = Array.from({ length: 30 }, (_, number) => number);
const ANOTHER = 'a secret of another museum on the host';

eachAdapter('the passes of two offices on one host', (adapter) => {
  eachPassStore((store) => {
    const clock = new TestClock();
    let one: Museum;
    let other: Museum;
    let same: Museum;

    beforeAll(async () => {
      const parts = store.parts(adapter);
      const shared: PassStoreUnderTest = { ...store, parts: () => parts };
      const start = (secret: string | string[]) =>
        startPlacesApp(adapter, anyDatabase, shared, {
          controllers: rooms.map(roomController),
          options: { secret, now: clock.now },
        });
      [one, other, same] = [await start(SECRET), await start(ANOTHER), await start([SECRET])];
    });

    const open = async (museum: Museum, browser: Browser, path = '/louvre', input: object = {}) => {
      clock.advance(1);
      const credentials = await issue(museum, input);
      await openLink(museum, credentials, path, browser.at(museum.app));
      return credentials;
    };
    const statusesIn = async (museum: Museum, browser: Browser) => {
      const statuses = [];
      for (const number of rooms)
        statuses.push((await browser.at(museum.app).visit(`/room${number}`)).status);
      return statuses;
    };
    const lastTen = rooms.map((number) => (number < 20 ? 401 : 200));

    it('[S-9] each keep their ten, however many links are opened in both, in turn', async () => {
      const browser = new Browser(one.app);
      for (const number of rooms) {
        for (const museum of [one, other])
          await open(museum, browser, `/room${number}`, { place: `room ${number}` });
      }
      expect(Object.keys(await store.tokens(browser)).length).toBe(20);
      expect(await statusesIn(one, browser)).toEqual(lastTen);
      expect(await statusesIn(other, browser)).toEqual(lastTen);
    });

    it('[S-9] are neither read, overwritten nor cleared by each other, at the same door', async () => {
      const browser = new Browser(one.app);
      const visit = await open(one, browser);
      expect((await browser.at(other.app).visit('/louvre')).status).toBe(401);
      const purchase = await open(other, browser);
      expect(await browser.at(one.app).visit('/louvre')).toMatchObject({ status: 200, body: visit.uuid });
      expect(await browser.at(other.app).visit('/louvre')).toMatchObject({
        status: 200,
        body: purchase.uuid,
      });
      await other.tickets.reissue(purchase.uuid);
      expect((await browser.at(other.app).visit('/louvre')).status).toBe(401);
      expect(Object.keys(await store.tokens(browser)).length).toBe(1);
      expect(await browser.at(one.app).visit('/louvre')).toMatchObject({ status: 200, body: visit.uuid });
    });

    it('[S-9] count together where the offices share a secret', async () => {
      const browser = new Browser(one.app);
      for (const number of rooms.slice(0, 12)) {
        await open(number % 2 ? one : same, browser, `/room${number}`, { place: `room ${number}` });
      }
      expect(Object.keys(await store.tokens(browser)).length).toBe(10);
    });
  });
});
