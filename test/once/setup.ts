import type { TicketService } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import type { TestDatabase } from '../support/databases.js';
import { startOffice, rawRow, SECRET } from '../support/office.js';
import type { AppSettings } from './app.settings.js';
import { Effect } from './effect.entity.js';
import { Guest } from './guest.js';

/** The database that the servers share, seen from the test: it issues the tickets, and looks at what became of them. */
export interface Setup {
  readonly dataSource: DataSource;
  readonly tickets: TicketService;
  /** Issues a ticket. */
  invite(): Promise<Guest>;
  row(uuid: string): Promise<Record<string, unknown>>;
  /** The names of the apps that ran a handler for the ticket, once for each run. */
  effects(uuid: string): Promise<string[]>;
  /** Settings of an app on this database. */
  app(settings?: Partial<AppSettings>): AppSettings;
}

/**
 * Makes the tables, and starts an office of the test's own on them.
 *
 * @param typeorm options of all connections, such as those to another SQLite file
 */
export async function startSetup(database: TestDatabase, typeorm: object = {}): Promise<Setup> {
  // One connection, so that it can cut all but its own.
  const own = { entities: [Effect], poolSize: 1, ...typeorm };
  const { tickets, dataSource } = await startOffice(database, {}, own);
  return {
    tickets,
    dataSource,
    async invite() {
      return new Guest((await tickets.issue({ place: 'louvre', purpose: 'visit' })).credentials);
    },
    row: (uuid) => rawRow(dataSource, uuid),
    async effects(uuid) {
      const effects = await dataSource.manager.find(Effect, {
        where: { ticket: uuid },
        order: { id: 'ASC' },
      });
      return effects.map(({ app }) => app);
    },
    app: (settings) => ({
      name: 'an app',
      platform: 'Express',
      // A few connections for each of many apps: fewer than there are requests, so that some have to wait for one.
      database: database.options({ poolSize: 4, ...typeorm }),
      secret: SECRET,
      argon2: { memoryCost: 7168, timeCost: 5 },
      ...settings,
    }),
  };
}
