import { Module, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  TICKET_OFFICE_OPTIONS,
  ticketOfficeMigrations,
  TicketOfficeConfigurationError,
  TicketOfficeModule,
  TicketService,
} from 'nestjs-ticketoffice';
import { TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { describe, expect, it } from 'vitest';
import { anyDatabase } from '../support/app.js';
import { afterwards, ownResources } from '../support/suite-scope.js';

const root = (name?: string) =>
  TypeOrmModule.forRoot({
    ...anyDatabase.options({
      autoLoadEntities: true,
      migrations: ticketOfficeMigrations,
      migrationsRun: true,
    }),
    name,
  });
const office = (isGlobal: boolean) =>
  TicketOfficeModule.forRoot({
    isGlobal,
    secret: 'a secret for this test, and nothing else',
    baseUrl: 'http://localhost:3000',
  });

/** An app as a developer has it, with a ticket office and a database of its own. */
function appModule(isGlobal = true) {
  @Module({ imports: [root(), office(isGlobal)], exports: [TicketOfficeModule] })
  class AppModule {}
  return AppModule;
}

async function boot(metadata: ModuleMetadata) {
  const app = await Test.createTestingModule(metadata).compile();
  afterwards(() => app.close());
  return app.init();
}

async function refused(...imports: NonNullable<ModuleMetadata['imports']>): Promise<string> {
  const error: unknown = await boot({ imports }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
  return String(error);
}

describe('Two ticket offices in a test', () => {
  ownResources();
  const told = '.overrideProvider(TICKET_OFFICE_OPTIONS).useValue(TicketOfficeTestingModule.options({ … }))';

  it.each([true, false])(
    'are refused at boot, in either order, the app’s own global: %s',
    async (isGlobal) => {
      expect(await refused(appModule(isGlobal), TicketOfficeTestingModule.forRoot())).toContain(told);
      expect(await refused(TicketOfficeTestingModule.forRoot(), appModule(isGlobal))).toContain(told);
    },
  );

  it('are refused on one data source, and without a database', async () => {
    const onOne = TicketOfficeTestingModule.forRoot({ dataSource: 'default' });
    expect(await refused(onOne, appModule())).toContain(told);
    expect(await refused(appModule(), TicketOfficeTestingModule.withoutDatabase())).toContain(told);
  });

  it('are refused where the testing module is made twice', async () => {
    const two = [TicketOfficeTestingModule.forRoot(), TicketOfficeTestingModule.forRoot()];
    expect(await refused(...two)).toContain('import TicketOfficeTestingModule once');
  });

  it('are one, where modules share that of the testing module, or the app’s has options for the test', async () => {
    const shared = TicketOfficeTestingModule.forRoot();
    @Module({ imports: [shared] })
    class FeatureModule {}
    expect((await boot({ imports: [shared, FeatureModule] })).get(TicketService)).toBeInstanceOf(
      TicketService,
    );
    const testing = await Test.createTestingModule({ imports: [appModule()] })
      .overrideProvider(TICKET_OFFICE_OPTIONS)
      .useValue(TicketOfficeTestingModule.options())
      .compile();
    afterwards(() => testing.close());
    expect((await testing.init()).get(TicketService)).toBeInstanceOf(TicketService);
  });
});

describe('Two default data sources in a test', () => {
  ownResources();

  it('are refused at boot, in either order', async () => {
    const told = "TicketOfficeTestingModule.forRoot({ dataSource: 'default' })";
    expect(await refused(root(), TicketOfficeTestingModule.forRoot())).toContain(told);
    expect(await refused(TicketOfficeTestingModule.forRoot(), root())).toContain(told);
  });

  it('are one, where the app’s own has a name, or the tickets are in it', async () => {
    await boot({ imports: [root('museum'), TicketOfficeTestingModule.forRoot()] });
    await boot({ imports: [root(), TicketOfficeTestingModule.forRoot({ dataSource: 'default' })] });
  });
});
