import type { TicketService } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import type { TestDatabase } from '../support/databases.js';
import { startOffice, rawRow, SECRET } from '../support/office.js';
import type { AppSettings } from './app.settings.js';
import { Effect } from './effect.entity.js';
import { Guest } from './guest.js';

// So that it can cut all connections but its own.
const ofOneConnection = { poolSize: 1 };

/** The database that the doors share, seen from the test: it issues the tickets, and looks at what became of them. */
export interface House {
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

/** Makes the tables, and opens an office of the test's own on them. */
export async function openHouse(database: TestDatabase): Promise<House> {
  const { tickets, dataSource } = await startOffice(database, {}, { entities: [Effect], ...ofOneConnection });
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
      database: database.options({ poolSize: 4 }),
      secret: SECRET,
      ...settings,
    }),
  };
}
