import { inspect } from 'node:util';
import { Injectable, Logger, Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import {
  TICKET_OFFICE_OPTIONS,
  Ticket,
  TicketOfficeConfigurationError,
  TicketOfficeModule,
  TicketService,
  type TicketOfficeOptions,
} from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';
import { describe, expect, it, vi } from 'vitest';
import { closeApp } from './support/adapters.js';
import { eachDatabase } from './support/databases.js';
import { ownResources, afterwards } from './support/suite-scope.js';
import { SECRET } from './support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const baseUrl = 'https://museum.example';

const memory = (overrides: object = {}): DynamicModule =>
  TypeOrmModule.forRoot({
    type: 'better-sqlite3',
    database: ':memory:',
    autoLoadEntities: true,
    synchronize: true,
    retryAttempts: 1,
    ...overrides,
  });

async function boot(metadata: ModuleMetadata) {
  const app = await Test.createTestingModule(metadata).compile();
  afterwards(() => closeApp(app));
  return app.init();
}

@Injectable()
class Configuration {
  readonly office: TicketOfficeOptions = { secret: SECRET, baseUrl };

  createTicketOfficeOptions() {
    return this.office;
  }
}

@Module({ providers: [Configuration], exports: [Configuration] })
class ConfigurationModule {}

const useFactory = ({ office }: Configuration) => office;
const imports = [ConfigurationModule];

describe('The module', () => {
  ownResources();

  it.each([
    ['forRoot', TicketOfficeModule.forRoot({ secret: SECRET, baseUrl })],
    ['a factory', TicketOfficeModule.forRootAsync({ imports, inject: [Configuration], useFactory })],
    ['a class', TicketOfficeModule.forRootAsync({ useClass: Configuration })],
    ['an existing provider', TicketOfficeModule.forRootAsync({ imports, useExisting: Configuration })],
  ])('issues, admits and links when its options come from %s', async (_, office) => {
    const tickets = (await boot({ imports: [memory(), office] })).get(TicketService, { strict: false });
    const { credentials } = await tickets.issue(visit);
    expect(await tickets.authenticate(credentials, 'louvre', 'visit')).toBeInstanceOf(Ticket);
    expect(tickets.url('/louvre', credentials)).toContain(`${baseUrl}/louvre?`);
  });

  it('hands out the options as they were given, without what was for the module only', async () => {
    const office = TicketOfficeModule.forRoot({ secret: SECRET, isGlobal: true, dataSource: 'default' });
    const app = await boot({ imports: [memory(), office] });
    expect(app.get(TICKET_OFFICE_OPTIONS, { strict: false })).toEqual({ secret: SECRET });
  });

  @Injectable()
  class Visits {
    constructor(readonly tickets: TicketService) {}
  }

  @Module({ providers: [Visits] })
  class VisitsModule {}

  it('serves modules that do not import it when it is global', async () => {
    const office = TicketOfficeModule.forRoot({ secret: SECRET, isGlobal: true });
    const app = await boot({ imports: [memory(), office, VisitsModule] });
    expect(app.get(Visits, { strict: false }).tickets).toBeInstanceOf(TicketService);
  });

  it('does the same when its options come later', async () => {
    const office = TicketOfficeModule.forRootAsync({ useClass: Configuration, isGlobal: true });
    const app = await boot({ imports: [memory(), office, VisitsModule] });
    expect(app.get(Visits, { strict: false }).tickets).toBeInstanceOf(TicketService);
  });

  it('is not global unless isGlobal says so', async () => {
    const office = TicketOfficeModule.forRoot({ secret: SECRET });
    await expect(boot({ imports: [memory(), office, VisitsModule] })).rejects.toThrow('TicketService');
  });

  it('gets the extra providers, which its options may be made of', async () => {
    const office = TicketOfficeModule.forRootAsync({
      extraProviders: [Configuration],
      inject: [Configuration],
      useFactory,
    });
    const app = await boot({ imports: [memory(), office] });
    expect(app.get(Configuration, { strict: false }).office).toBe(
      app.get(TICKET_OFFICE_OPTIONS, { strict: false }),
    );
  });

  it('[M-4] says what to write where the class is imported as it stands', async () => {
    const boots = boot({ imports: [memory(), TicketOfficeModule] });
    await expect(boots).rejects.toThrow(TicketOfficeConfigurationError);
    await expect(boots).rejects.toThrow('import TicketOfficeModule.forRoot({ … }) once');
  });

  it('[M-4] says where the module’s own settings go that stand among a factory’s options', async () => {
    const options = { secret: SECRET, isGlobal: true, dataSource: 'default' };
    const office = TicketOfficeModule.forRootAsync({ useFactory: () => options });
    const boots = boot({ imports: [memory(), office] });
    await expect(boots).rejects.toThrow(TicketOfficeConfigurationError);
    await expect(boots).rejects.toThrow(
      "'isGlobal' goes beside useFactory, useClass or useExisting, not among the options",
    );
    await expect(boots).rejects.toThrow(
      "'dataSource' goes beside useFactory, useClass or useExisting, not among the options",
    );
    await expect(boots).rejects.not.toThrow('is unknown');
  });

  it('warns of a second call on one data source: there would be two limits, and two lists of subscribers', async () => {
    const warnings: string[] = [];
    const warn = vi
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation((text: string) => void warnings.push(text));
    afterwards(async () => warn.mockRestore());
    const about = () =>
      warnings.filter((text) => text.includes('TicketOfficeModule.forRoot() is called twice'));
    const office = () => TicketOfficeModule.forRoot({ secret: SECRET });
    const shared = new DataSource({ type: 'better-sqlite3', database: ':memory:', entities: [Ticket] });
    const sharing = TypeOrmModule.forRootAsync({
      useFactory: () => ({}),
      dataSourceFactory: async () => (shared.isInitialized ? shared : shared.initialize()),
    });
    await boot({ imports: [memory(), office()] });
    const app = await boot({ imports: [sharing, office()] });
    await app.close();
    await boot({ imports: [sharing, office()] });
    expect(about()).toEqual([]);
    await boot({ imports: [memory(), office(), office()] });
    expect(about()).toHaveLength(1);
  });

  it('is one office in two modules that import the same call', async () => {
    const office = TicketOfficeModule.forRoot({ secret: SECRET });

    @Module({ imports: [office], exports: [office] })
    class SharedModule {}

    @Module({ imports: [SharedModule], providers: [Visits] })
    class GuardedModule {}

    const app = await boot({ imports: [memory(), office, GuardedModule] });
    expect(app.get(Visits, { strict: false }).tickets).toBe(app.get(TicketService, { strict: false }));
  });

  it('[ST-3] does not show the app’s secret when a service is inspected or logged', async () => {
    const app = await boot({ imports: [memory(), TicketOfficeModule.forRoot({ secret: SECRET })] });
    const tickets = app.get(TicketService, { strict: false });
    expect(inspect(tickets, { depth: 4 })).not.toContain(SECRET);
    expect(inspect(tickets, { depth: 4, showHidden: true })).not.toContain(SECRET);
  });

  it('[M-4] does not boot on a data source that lacks the entity, and says what to write', async () => {
    const database = memory({ autoLoadEntities: false, entities: [] });
    const boots = boot({ imports: [database, TicketOfficeModule.forRoot({ secret: SECRET })] });
    const error = await boots.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect(error!.message).toMatch(/Ticket entity.*autoLoadEntities: true, or add Ticket to its entities/);
  });

  it('boots on a data source that the app connects later, and until then says what to write', async () => {
    const database = memory({ manualInitialization: true });
    const app = await boot({ imports: [database, TicketOfficeModule.forRoot({ secret: SECRET })] });
    const tickets = app.get(TicketService, { strict: false });
    await expect(tickets.issue(visit)).rejects.toThrow(TicketOfficeConfigurationError);
    await expect(tickets.issue(visit)).rejects.toThrow('await dataSource.initialize()');
    await app.get(DataSource, { strict: false }).initialize();
    expect((await tickets.issue(visit)).ticket.uuid).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes the entity from a list of entities, too', async () => {
    const database = memory({ autoLoadEntities: false, entities: [Ticket] });
    const app = await boot({ imports: [database, TicketOfficeModule.forRoot({ secret: SECRET })] });
    const { ticket } = await app.get(TicketService, { strict: false }).issue(visit);
    expect(ticket.uuid).toMatch(/^[0-9a-f-]{36}$/);
  });
});

eachDatabase('A named data source', (database) => {
  it.each([
    ['forRoot', TicketOfficeModule.forRoot({ secret: SECRET, dataSource: 'box office' })],
    ['forRootAsync', TicketOfficeModule.forRootAsync({ useClass: Configuration, dataSource: 'box office' })],
  ])('holds the tickets by %s, and the default one none', async (_, office) => {
    const named = database.options({ name: 'box office', autoLoadEntities: true, synchronize: true });
    const other = memory({ autoLoadEntities: false, entities: [Ticket] });
    const app = await boot({ imports: [other, TypeOrmModule.forRoot(named), office] });
    const { ticket } = await app.get(TicketService, { strict: false }).issue(visit);
    const boxOffice = app.get<DataSource>(getDataSourceToken('box office'), { strict: false });
    expect(await boxOffice.manager.existsBy(Ticket, { uuid: ticket.uuid })).toBe(true);
    expect(await app.get(DataSource, { strict: false }).manager.count(Ticket)).toBe(0);
  });
});
