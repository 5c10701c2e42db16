import { type DynamicModule, Module } from '@nestjs/common';
import { TicketOfficeModule } from '../ticket-office.module.js';
import { TICKET_OFFICE_OPTIONS, type TicketOfficeOptions } from '../ticket-office.options.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { cheapHashes } from './cheap-hashes.js';
import { noDatabase } from './no-database.js';
import { OneOfficeCheck } from './one-office.check.js';
import { assertNotInProduction } from './production.check.js';
import { racingTicketDatabase } from './racing-database.js';
import { temporaryDatabase } from './temporary-database.js';
import {
  assertEntities,
  optionsAlone,
  type TestOfficeOptions,
  testOptions,
  type TicketOfficeTestingOptions,
} from './testing.options.js';

/** The ticket office for tests, in place of TicketOfficeModule: for all modules of the app, and with cheap hashes. */
@Module({})
export class TicketOfficeTestingModule {
  /**
   * The whole ticket office, with a database of its own: a new SQLite file for each app, which is gone when the app is
   * closed. It is the default data source, also for entities of the app's.
   *
   * @example
   * Test.createTestingModule({ imports: [TicketOfficeTestingModule.forRoot({ clock })], controllers: [MuseumController] })
   * @throws TicketOfficeConfigurationError in production, for `entities` that are no list of entities, for both `entities`
   * and `dataSource`, for both `clock` and `now`, and for a clock that is no TestClock; at boot, without better-sqlite3,
   * where the app has a ticket office or a default data source itself, and wherever TicketOfficeModule throws it
   */
  static forRoot(options: TicketOfficeTestingOptions = {}): DynamicModule {
    assertNotInProduction();
    const { entities, extraProviders = [], ...office } = testOptions('forRoot()', options);
    assertEntities('forRoot()', entities);
    const isOwn = options.dataSource === undefined;
    if (entities && !isOwn)
      throw new TicketOfficeConfigurationError(
        'TicketOfficeTestingModule: entities are for the database that is made here, and dataSource is for another one: write one of them',
      );
    return {
      module: TicketOfficeTestingModule,
      imports: [
        OneOfficeCheck,
        ...(isOwn ? [temporaryDatabase(entities)] : []),
        TicketOfficeModule.forRoot({
          isGlobal: true,
          ...office,
          extraProviders: [cheapHashes, ...(isOwn ? [racingTicketDatabase] : []), ...extraProviders],
        }),
      ],
      exports: [TicketOfficeModule],
    };
  }

  /**
   * The ticket office for a controller's unit test: all that guard, stamps and controllers inject is there, and what
   * would ask the database throws. Call the controller's methods with {@link ticketFor}; for requests, override the guard
   * by {@link admit}, and the stamps by {@link recordStamps}.
   *
   * @example
   * Test.createTestingModule({ imports: [TicketOfficeTestingModule.withoutDatabase()], controllers: [MuseumController] })
   * @throws TicketOfficeConfigurationError as {@link forRoot} does; and for what stands beside options: `dataSource`, …
   */
  static withoutDatabase(options: TestOfficeOptions = {}): DynamicModule {
    assertNotInProduction();
    const useValue = optionsAlone('withoutDatabase()', options);
    return {
      module: TicketOfficeModule,
      global: true,
      imports: [OneOfficeCheck],
      providers: [{ provide: TICKET_OFFICE_OPTIONS, useValue }, cheapHashes, ...noDatabase],
    };
  }

  /**
   * Options for an app that imports TicketOfficeModule itself. They replace all of its own: repeat here what it needs.
   *
   * @example
   * Test.createTestingModule({ imports: [AppModule] })
   *   .overrideProvider(TICKET_OFFICE_OPTIONS).useValue(TicketOfficeTestingModule.options({ clock }))
   * @throws TicketOfficeConfigurationError as {@link withoutDatabase} does
   */
  static options(options: TestOfficeOptions = {}): TicketOfficeOptions {
    assertNotInProduction();
    return optionsAlone('options()', options);
  }
}
