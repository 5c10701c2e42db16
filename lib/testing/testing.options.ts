import type { EntitySchema } from 'typeorm';
import type { OPTIONS_TYPE } from '../ticket-office.module-definition.js';
import type { TicketOfficeOptions } from '../ticket-office.options.js';
import { withoutUndefined } from '../tickets/input/rules.js';
import type { TestClock } from './test-clock.js';

/** Options of the ticket office in a test; those that are left out have a value for tests. */
export interface TestOfficeOptions extends Partial<TicketOfficeOptions> {
  /** The clock for all instants of the ticket office, in place of `now`. */
  readonly clock?: TestClock;
}

/** What {@link TicketOfficeTestingModule.forRoot} takes: what TicketOfficeModule takes, and what is for tests only. */
export interface TicketOfficeTestingOptions extends TestOfficeOptions, Partial<typeof OPTIONS_TYPE> {
  /**
   * Entities of the app's that no `TypeOrmModule.forFeature()` names, for the database that is made here; those that one
   * names are there anyway.
   * @default none
   */
  readonly entities?: readonly (Function | EntitySchema)[];
  /**
   * The name of a data source that the app or the test has itself, `'default'` for the one without a name: then no
   * database is made here. Its migrations must include `ticketOfficeMigrations`.
   * @default a new SQLite database
   */
  readonly dataSource?: string;
}

const SECRET = 'a secret for the tests, and nothing else';

/** The options of the ticket office, with values for tests where none are given. */
export const testOptions = <T extends TestOfficeOptions>({ clock, ...given }: T) => ({
  secret: SECRET,
  baseUrl: 'http://localhost:3000',
  ...withoutUndefined(given),
  ...(clock && { now: clock.now }),
});
