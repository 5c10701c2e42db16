import type { DataSource } from 'typeorm';
import { copyProblem, otherCopyOf } from '../../copies.js';
import { driverErrorOf } from '../../database/driver.error.js';
import { isMissingColumn, isMissingTable, transientErrorOf } from '../../database/fault.js';
import { isTransientInTransaction } from '../../database/scoped-query-runner.js';
import {
  TicketBusyError,
  TicketError,
  TicketOfficeBusyError,
  TicketOfficeConfigurationError,
} from '../ticket.errors.js';
import { TICKET_TABLE } from '../ticket.table.js';
import { nameOf, type TicketEntity } from './ticket.mapping.js';

export const TWICE =
  'TicketOfficeModule.forRoot() is called twice for one data source, which makes two ticket offices, each with its own ' +
  'limits and events$. Call it once: with isGlobal: true, or in one module of yours that exports TicketOfficeModule';

export const AGAIN =
  'TicketOfficeModule was loaded again while the app runs (by LazyModuleLoader, for example), which makes another ticket ' +
  'office for one data source, with limits and events$ of its own. Keep what forRoot() returns, and load that; or import ' +
  'it in a module of the app';

/** For a data source that does not know the entity, or knows the one of another copy of the library only. */
export function withoutEntity(app: DataSource, entity: TicketEntity): TicketOfficeConfigurationError {
  const other = otherCopyOf(app);
  return new TicketOfficeConfigurationError(
    other
      ? copyProblem('Ticket in the data source', other)
      : `The data source does not know the ${nameOf(entity)} entity: write autoLoadEntities: true, or add ${nameOf(entity)} to its entities`,
  );
}

export const notConnected = (): TicketOfficeConfigurationError =>
  new TicketOfficeConfigurationError(
    'The data source is not connected: await dataSource.initialize() before the first ticket',
  );

/** For a setting of the app's with which tickets would be lost, or read wrongly. */
export const unreliable = (problem: string): TicketOfficeConfigurationError =>
  new TicketOfficeConfigurationError(`The ticket office cannot rely on the app's data source: ${problem}`);

/** Whether a try has failed without an answer to what became of it. */
export const hasUnknownOutcome = (error: unknown): boolean =>
  !(error instanceof TicketError) && [undefined, 'lost'].includes(transientErrorOf(error));

const MIGRATE =
  'run the migrations, with ticketOfficeMigrations among them; ' +
  'or write migrations: ticketOfficeMigrations, migrationsRun: true';
const NO_TABLE = `The table ${TICKET_TABLE} is missing: ${MIGRATE}`;
const OTHER_TABLE = `The table ${TICKET_TABLE} is not as this version of the ticket office needs it`;

/** Turns an error of the database into the ticket office's own, where it is transient or reports a missing table. */
export function asTicketError(error: unknown): unknown {
  const transient = transientErrorOf(error);
  if (transient === 'taken' || transient === 'contested')
    return new TicketBusyError(undefined, { cause: error });
  if (transient) return new TicketOfficeBusyError({ cause: error });
  return isMissingTable(error, TICKET_TABLE)
    ? new TicketOfficeConfigurationError(NO_TABLE, { cause: error })
    : error;
}

/** The same for a statement that names columns of the table of tickets, and of no other. */
export const withoutColumn = (error: unknown): unknown =>
  isMissingColumn(error)
    ? new TicketOfficeConfigurationError(
        `${OTHER_TABLE} (${String(driverErrorOf(error).message)}): ${MIGRATE}`,
        { cause: error },
      )
    : error;

/**
 * The ticket office's own error in place of a transient one at a statement that the work has sent through its manager:
 * all of it is rolled back, and the guest can try again. Any other error of the work's is its own.
 */
export const asWorkError = (error: unknown): unknown =>
  isTransientInTransaction(error) ? asTicketError(error) : error;
