import { beforeAll, expect, it } from 'vitest';
import { eachServer } from '../support/databases.js';
import { cutConnections } from './connection.cut.js';
import { DatabaseProxy, type Mishap } from './database.proxy.js';
import { type Door, openDoor } from './door.js';
import { type House, openHouse } from './house.js';
import { endure, type Trial } from './mishap.js';

const visit = { route: 'StampInvitation', outcomes: ['200'] } as const;
const failure = { route: 'StampInvitation', query: '?fail', outcomes: ['422'] } as const;
const redeem = { route: 'StampInTransaction' } as const;
const unknown = '503 TICKET_OFFICE_BUSY';

const trials: Trial[] = [
  { ...visit, point: 'before-claim' },
  { ...visit, point: 'before-stamp' },
  { ...failure, point: 'before-release' },
  { ...redeem, point: 'before-stamp', outcomes: ['200'] },
  { ...redeem, point: 'before-commit', outcomes: ['200', unknown] },
];

eachServer('while the connection fails', (database) => {
  let house: House;
  let proxy: DatabaseProxy;
  let door: Door;
  beforeAll(async () => {
    house = await openHouse(database);
    const direct = database.options() as { url: string };
    proxy = await DatabaseProxy.open(direct.url);
    door = await openDoor(house.app({ database: database.options({ url: proxy.url }) }));
  });

  const mishaps: Mishap[] = ['reply lost', 'request lost'];
  it.each(mishaps.flatMap((mishap) => trials.map((trial) => ({ mishap, ...trial }))))(
    '[R-1] one request has one success: $mishap, $route, $point',
    async ({ mishap, ...trial }) => {
      const faults = await endure(house, door, trial, async (goOn) => {
        const happened = proxy.arm(mishap);
        goOn();
        await happened;
      });
      expect(faults).toEqual([]);
    },
  );

  it.each<Trial>([
    { ...visit, point: 'before-claim' },
    { ...visit, point: 'after-claim' },
    { ...visit, point: 'after-effect' },
    { ...visit, point: 'before-stamp' },
    { ...visit, point: 'after-stamp' },
    { ...redeem, point: 'before-stamp', outcomes: ['200'] },
    { ...redeem, point: 'after-stamp', outcomes: ['500', unknown] },
    { ...redeem, point: 'in-handler', outcomes: ['500', unknown] },
    { ...redeem, point: 'after-effect', outcomes: [unknown] },
    { ...redeem, point: 'before-commit', outcomes: [unknown] },
    { ...redeem, point: 'after-commit', outcomes: ['200'] },
  ])('[R-1] one request has one success: all connections cut, $route, $point', async (trial) => {
    const faults = await endure(house, door, trial, async (goOn) => {
      await cutConnections(house.dataSource);
      goOn();
    });
    expect(faults).toEqual([]);
  });
});
