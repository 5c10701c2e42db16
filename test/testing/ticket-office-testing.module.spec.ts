import { existsSync } from 'node:fs';
import { mkdir, readdir, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Logger, Module, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  Ticket,
  TICKET_OFFICE_OPTIONS,
  ticketOfficeMigrations,
  TicketOfficeConfigurationError,
  TicketOfficeModule,
  TicketService,
} from 'nestjs-ticketoffice';
import { expectSingleUse, TestClock, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { DataSource, DriverPackageNotInstalledError, EntityManager } from 'typeorm';
import { PlatformTools } from 'typeorm/platform/PlatformTools.js';
import { describe, expect, it, vi } from 'vitest';
import { closeApp, eachAdapter, request, startNestApp } from '../support/adapters.js';
import { anyDatabase } from '../support/app.js';
import { eachDatabase } from '../support/databases.js';
import { rawRow } from '../support/office.js';
import { afterwards, ownResources } from '../support/suite-scope.js';
import { Room, RoomsController } from './rooms.controller.js';

const visit = { place: 'louvre', purpose: 'visit' };

async function boot(metadata: ModuleMetadata) {
  const app = await Test.createTestingModule(metadata).compile();
  afterwards(() => closeApp(app));
  return app.init();
}

const fileOf = (dataSource: DataSource) => String(dataSource.options.database);

describe('TicketOfficeTestingModule.forRoot()', () => {
  ownResources();

  it('issues, admits and links without any option, and logs no warning', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn');
    afterwards(() => warn.mockRestore());
    const app = await boot({ imports: [TicketOfficeTestingModule.forRoot()] });
    const tickets = app.get(TicketService);
    const { credentials } = await tickets.issue(visit);
    expect(await tickets.authenticate(credentials, 'louvre', 'visit')).toBeInstanceOf(Ticket);
    expect(tickets.url('/louvre', credentials)).toMatch(/^http:\/\/localhost:3000\/louvre\?/);
    await tickets.check();
    expect(warn.mock.calls).toEqual([]);
  });

  it('takes any option of the ticket office, and a clock', async () => {
    const clock = new TestClock('2026-01-01T12:00:00Z');
    const options = {
      clock,
      baseUrl: 'https://museum.example',
      expiresIn: '1h',
      secret: undefined as never,
    } as const;
    const app = await boot({ imports: [TicketOfficeTestingModule.forRoot(options)] });
    const tickets = app.get(TicketService);
    const { ticket, credentials } = await tickets.issue(visit);
    expect(tickets.url('/', credentials)).toContain('https://museum.example/');
    expect(ticket.expiresAt).toEqual(new Date('2026-01-01T13:00:00Z'));
    clock.advance('1h');
    await expect(tickets.authenticate(credentials, 'louvre', 'visit')).rejects.toThrow('expired');
  });

  it('refuses options as the ticket office does', async () => {
    const imports = [TicketOfficeTestingModule.forRoot({ maxAttempts: 0 })];
    await expect(boot({ imports })).rejects.toThrow(TicketOfficeConfigurationError);
  });

  it('hashes passwords at the least cost, unless one is given', async () => {
    const cheap = await boot({ imports: [TicketOfficeTestingModule.forRoot()] });
    const argon2 = { memoryCost: 7168, timeCost: 5 };
    const dear = await boot({ imports: [TicketOfficeTestingModule.forRoot({ argon2 })] });
    for (const [app, cost] of [
      [cheap, 'm=8,t=1,p=1'],
      [dear, 'm=7168,t=5,p=1'],
    ] as const) {
      const tickets = app.get(TicketService);
      const { credentials } = await tickets.issue({ ...visit, password: 'I love Paris' });
      expect((await rawRow(app.get(DataSource), credentials.uuid))['verifier']).toContain(cost);
      expect(await tickets.authenticate(credentials, 'louvre', 'visit')).toBeInstanceOf(Ticket);
      const wrong = { uuid: credentials.uuid, password: 'I love London' };
      await expect(tickets.authenticate(wrong, 'louvre', 'visit')).rejects.toMatchObject({
        code: 'TICKET_INVALID',
      });
    }
  });

  it('gives each app an empty database, whose file is gone once the app is closed', async () => {
    const testing = () =>
      Test.createTestingModule({ imports: [TicketOfficeTestingModule.forRoot()] }).compile();
    const [one, other] = await Promise.all([testing(), testing()]);
    for (const app of [one, other]) await app.init();
    await one.get(TicketService).issue(visit);
    expect(await other.get(TicketService).count({})).toBe(0);
    const files = [one, other].map((app) => fileOf(app.get(DataSource)));
    expect(files.map(existsSync)).toEqual([true, true]);
    await Promise.all([one.close(), other.close()]);
    expect(files.map((file) => existsSync(dirname(file)))).toEqual([false, false]);
  });

  it('removes what apps that were never closed have left behind a day ago', async () => {
    const folders = ['old', 'new'].map((age) =>
      join(tmpdir(), `nestjs-ticketoffice-testing-${age}-${process.pid}`),
    );
    for (const folder of folders) await mkdir(folder);
    const yesterday = new Date(Date.now() - 24 * 3_600_000 - 1000);
    await utimes(folders[0]!, yesterday, yesterday);
    await boot({ imports: [TicketOfficeTestingModule.forRoot()] });
    expect(folders.map(existsSync)).toEqual([false, true]);
    await utimes(folders[1]!, yesterday, yesterday);
    await boot({ imports: [TicketOfficeTestingModule.forRoot()] });
    expect((await readdir(tmpdir())).filter((name) => name.endsWith(`-${process.pid}`))).toEqual([]);
  });

  it('serves the entities of the app, whether a module of it names them or the test does', async () => {
    @Module({ imports: [TypeOrmModule.forFeature([Room])] })
    class RoomsModule {}
    for (const parts of [
      { imports: [TicketOfficeTestingModule.forRoot(), RoomsModule] },
      { imports: [TicketOfficeTestingModule.forRoot({ entities: [Room] })] },
    ]) {
      const manager = (await boot(parts)).get(EntityManager);
      await manager.insert(Room, { id: 'Mona Lisa', guests: 6 });
      expect(await manager.find(Room)).toEqual([{ id: 'Mona Lisa', guests: 6 }]);
    }
  });

  it('leaves the table of tickets as the migrations have made it', async () => {
    const app = await boot({ imports: [TicketOfficeTestingModule.forRoot({ entities: [Room] })] });
    const { upQueries } = await app.get(DataSource).driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
    expect(await app.get(DataSource).showMigrations()).toBe(false);
  });

  it('says which package is missing', async () => {
    const load = vi.spyOn(PlatformTools, 'load').mockImplementation((name) => {
      throw new Error(`Cannot find module '${name}'`);
    });
    afterwards(() => load.mockRestore());
    const booted = boot({ imports: [TicketOfficeTestingModule.forRoot()] });
    const error = await booted.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect(String(error)).toContain(
      'better-sqlite3 is missing: install it by the lines of docs/installing.md',
    );
    expect((error as Error).cause).toBeInstanceOf(DriverPackageNotInstalledError);
  });

  it.each<[unknown, string]>([
    [5, 'entities must be a list of entities, [Room], not a number'],
    [Room, 'entities must be a list of entities, [Room], not a function'],
    [null, 'entities must be a list of entities, [Room], not null'],
    [[Room, undefined], 'entities[1] is undefined: two files import each other'],
    [['Room'], 'entities[0] must be a class or an EntitySchema, not a string'],
    [[null], 'entities[0] must be a class or an EntitySchema, not null'],
  ])('refuses %o as entities', (entities, told) => {
    const make = () => TicketOfficeTestingModule.forRoot({ entities: entities as never });
    expect(make).toThrow(TicketOfficeConfigurationError);
    expect(make).toThrow(`TicketOfficeTestingModule.forRoot(): ${told}`);
  });

  it('refuses entities for a database that it does not make', () => {
    const options = { entities: [Room], dataSource: 'default' };
    expect(() => TicketOfficeTestingModule.forRoot(options)).toThrow(TicketOfficeConfigurationError);
  });
});

describe('TicketOfficeTestingModule', () => {
  ownResources();

  const makers = {
    forRoot: (options?: never) => TicketOfficeTestingModule.forRoot(options),
    withoutDatabase: (options?: never) => TicketOfficeTestingModule.withoutDatabase(options),
    options: (options?: never) => TicketOfficeTestingModule.options(options),
  };
  const each = Object.entries(makers);

  it.each(each)('refuses a wrong clock, or two, or no options: %s()', (name, make) => {
    const now = () => new Date();
    for (const [options, told] of [
      [null, 'the options must be an object, not null'],
      [() => ({}), 'the options must be an object, not a function'],
      [{ clock: now }, 'clock must be a TestClock, new TestClock(), not a function'],
      [{ clock: Date }, 'clock must be a TestClock'],
      [{ clock: { now } }, 'clock must be a TestClock, new TestClock(), not an object'],
      [{ clock: null }, 'clock must be a TestClock'],
      [{ clock: new TestClock(), now }, 'clock takes the place of now: write one of them'],
    ] as const) {
      expect(() => make(options as never)).toThrow(TicketOfficeConfigurationError);
      expect(() => make(options as never)).toThrow(`TicketOfficeTestingModule.${name}(): `);
      expect(() => make(options as never)).toThrow(told);
    }
    expect(() => make({ clock: undefined, now } as never)).not.toThrow();
  });

  it.each(each.slice(1))('has no place for what stands beside options: %s()', (_, make) => {
    for (const extra of [
      { isGlobal: true },
      { dataSource: 'default' },
      { extraProviders: [] },
      { entity: Ticket },
    ])
      expect(() => make(extra as never)).toThrow(
        `'${Object.keys(extra)[0]}' is for forRoot(), and has no meaning here: leave it out`,
      );
  });

  it.each(each)('makes nothing where NODE_ENV has become production: %s()', (_, make) => {
    vi.stubEnv('NODE_ENV', 'production');
    afterwards(() => vi.unstubAllEnvs());
    expect(() => make()).toThrow(TicketOfficeConfigurationError);
    expect(() => make()).toThrow('where NODE_ENV is production');
  });
});

eachDatabase('TicketOfficeTestingModule.forRoot() with a data source of the app’s own', (database) => {
  it.each(['default', 'museum'])('keeps the tickets in the one named %s', async (dataSource) => {
    const typeorm = { autoLoadEntities: true, migrations: ticketOfficeMigrations, migrationsRun: true };
    const name = dataSource === 'default' ? undefined : dataSource;
    const imports = [
      TypeOrmModule.forRoot({ ...database.options(typeorm), name }),
      TicketOfficeTestingModule.forRoot({ dataSource }),
    ];
    const tickets = (await boot({ imports })).get(TicketService);
    const { credentials } = await tickets.issue({ ...visit, password: 'I love Paris' });
    expect(await tickets.authenticate(credentials, 'louvre', 'visit')).toBeInstanceOf(Ticket);
  });
});

eachAdapter('TicketOfficeTestingModule.forRoot()', (adapter) => {
  it.each([
    ['get', '/louvre'],
    ['post', '/rooms'],
  ] as const)('uses a ticket up once, of twenty requests at once: %s %s', async (method, path) => {
    const app = await startNestApp(adapter, {
      imports: [TicketOfficeTestingModule.forRoot({ entities: [Room] })],
      controllers: [RoomsController],
    });
    const { ticket, credentials } = await app.get(TicketService).issue(visit);
    const { uuid, password } = credentials;
    await expectSingleUse(() =>
      request(app)[method](path).set('Authorization', `Ticket ${uuid}:${password}`),
    );
    expect((await app.get(TicketService).find(ticket.uuid))?.status()).toBe('used');
    if (path === '/rooms') expect(await app.get(EntityManager).find(Room)).toEqual([{ id: uuid, guests: 1 }]);
  });
});

describe('TicketOfficeTestingModule.options()', () => {
  ownResources();

  it('replaces those of an app that imports the ticket office itself', async () => {
    const clock = new TestClock();
    const root = anyDatabase.options({ autoLoadEntities: true, synchronize: true });
    const office = TicketOfficeModule.forRootAsync({
      useFactory: () => {
        throw new Error('no secret in a test');
      },
    });
    const app = await Test.createTestingModule({ imports: [TypeOrmModule.forRoot(root), office] })
      .overrideProvider(TICKET_OFFICE_OPTIONS)
      .useValue(TicketOfficeTestingModule.options({ clock, expiresIn: '5d' }))
      .compile();
    afterwards(() => app.close());
    await app.init();
    const tickets = app.get(TicketService);
    const { credentials } = await tickets.issue(visit);
    clock.advance('5d');
    await expect(tickets.authenticate(credentials, 'louvre', 'visit')).rejects.toThrow('expired');
  });
});
