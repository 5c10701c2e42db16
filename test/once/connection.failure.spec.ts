import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachServer } from '../support/databases.js';
import { cutConnections } from './connection.cut.js';
import { DatabaseProxy, type ConnectionFailure } from './database.proxy.js';
import { type AppServer, startServer } from './app.server.js';
import { startEchoServer } from './echo.server.js';
import { type Setup, startSetup } from './setup.js';
import { endure, type Trial } from './connection.failure.js';

it('a proxy hands over requests and replies', async () => {
  const { heard, ask } = await startEchoServer();
  expect(await ask('one')).toBe('re: one');
  expect(await ask('two')).toBe('re: two');
  expect(heard).toEqual(['one', 'two']);
});

it('a proxy loses the next reply, and with it the connection', async () => {
  const { heard, proxy, ask } = await startEchoServer();
  await ask('one');
  const happened = proxy.arm('reply lost');
  expect(await ask('two')).toBe('closed');
  await happened;
  expect(heard).toEqual(['one', 'two']);
});

it('a proxy loses the next request, and with it the connection', async () => {
  const { heard, proxy, ask } = await startEchoServer();
  await ask('one');
  const happened = proxy.arm('request lost');
  expect(await ask('two')).toBe('closed');
  await happened;
  expect(heard).toEqual(['one']);
});

const visit = { route: 'StampInvitation', outcomes: ['200'] } as const;
const redeem = { route: 'StampInTransaction' } as const;
const unknown = '503 TICKET_OFFICE_BUSY';

eachServer('while the connection fails', (database) => {
  let setup: Setup;
  let proxy: DatabaseProxy;
  let server: AppServer;
  beforeAll(async () => {
    setup = await startSetup(database);
    const direct = database.options() as TypeOrmModuleOptions & { url: string };
    proxy = await DatabaseProxy.open(direct.url);
    server = await startServer(setup.app({ database: { ...direct, url: proxy.url } }));
  });

  describe.each<ConnectionFailure>(['reply lost', 'request lost'])('with its %s', (failure) => {
    it.each<Trial>([
      { ...visit, point: 'before-claim' },
      { ...visit, point: 'before-stamp' },
      { ...visit, point: 'before-release', query: '?fail', outcomes: ['422'] },
      { ...redeem, point: 'before-stamp', outcomes: ['200'] },
      { ...redeem, point: 'before-commit', outcomes: ['200', unknown] },
    ])('[R-1] a request has no more than one success: $route, $point', async (trial) => {
      const faults = await endure(setup, server, trial, async (goOn) => {
        const happened = proxy.arm(failure);
        goOn();
        await happened;
      });
      expect(faults).toEqual([]);
    });
  });

  it('[R-1] a request that loses every answer to its claim gives up, and leaves no claim behind', async () => {
    const guest = await setup.invite();
    const loseNext = () => {
      void proxy.arm('reply lost');
      server.letGo('before-claim', guest.uuid);
      void server.hold('before-claim', guest.uuid, loseNext);
    };
    await server.hold('before-claim', guest.uuid, loseNext);
    expect(await guest.visit(server, 'StampInvitation')).toBe(unknown);
    expect(await setup.row(guest.uuid)).toMatchObject({ claimId: null, usedAt: null });
    expect(await setup.effects(guest.uuid)).toEqual([]);
    server.letGo('before-claim', guest.uuid);
    expect(await guest.visit(server, 'StampInvitation')).toBe('200');
  });

  it.each<Trial>([
    { ...visit, point: 'before-claim' },
    { ...visit, point: 'after-effect' },
    { ...visit, point: 'before-stamp' },
    { ...visit, point: 'after-stamp' },
    { ...redeem, point: 'before-stamp', outcomes: ['200'] },
    { ...redeem, point: 'after-stamp', outcomes: ['500', unknown] },
    { ...redeem, point: 'in-handler', outcomes: ['500', unknown] },
    { ...redeem, point: 'after-effect', outcomes: [unknown] },
    { ...redeem, point: 'before-commit', outcomes: [unknown] },
    { ...redeem, point: 'after-commit', outcomes: ['200'] },
  ])('[R-1] a request has no more than one success, with all cut: $route, $point', async (trial) => {
    const faults = await endure(setup, server, trial, async (goOn) => {
      await cutConnections(setup.dataSource);
      goOn();
    });
    expect(faults).toEqual([]);
  });
});
