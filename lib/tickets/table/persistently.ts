import { faultOf } from '../../database/fault.js';
import { isMissingTable } from '../../database/missing.table.js';
import { retrying } from '../../database/retry.js';
import { TicketBusyError, TicketOfficeBusyError, TicketOfficeConfigurationError } from '../ticket.errors.js';
import { TICKET_TABLE } from './ticket.table.js';

const NO_TABLE =
  `The table ${TICKET_TABLE} is missing: run the migrations, with ticketOfficeMigrations among them; ` +
  'or write migrations: ticketOfficeMigrations, migrationsRun: true';

/**
 * Tries until the database has answered, or for as long as is reasonable.
 *
 * @param attempt told whether an earlier try may have been run already, its answer lost
 * @param traits whether to try again even then: it knows what to do, or does no harm twice
 * @throws TicketBusyError when a transaction has held the ticket's row all the while
 * @throws TicketOfficeBusyError when the database could not answer
 * @throws TicketOfficeConfigurationError when it has no table of tickets
 */
export async function persistently<T>(
  attempt: (again: boolean) => Promise<T>,
  { isRepeatable = false }: { readonly isRepeatable?: boolean },
): Promise<T> {
  return retrying(attempt, (fault) => isRepeatable || fault !== 'lost').catch((error: unknown) => {
    throw inTheOfficesWords(error);
  });
}

/** A fault that has outlasted all patience, or that patience does not help, as an error of the ticket office. */
export function inTheOfficesWords(error: unknown): unknown {
  const fault = faultOf(error);
  if (fault === 'taken' || fault === 'contested') return new TicketBusyError(undefined, { cause: error });
  if (fault) return new TicketOfficeBusyError({ cause: error });
  return isMissingTable(error, TICKET_TABLE)
    ? new TicketOfficeConfigurationError(NO_TABLE, { cause: error })
    : error;
}
