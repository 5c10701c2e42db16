import type { Provider } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import { TICKET_DATA_SOURCE, TICKET_ENTITY } from '../ticket-office.module-definition.js';
import { TicketDatabase } from '../tickets/store/ticket.database.js';
import type { TicketEntity } from '../tickets/store/ticket.mapping.js';
import { letOthersBy, letOthersByAlone } from './race.js';

/** Each try to do something lets others by, before it gets a connection. */
class RacingTicketDatabase extends TicketDatabase {
  override withRetries<T>(
    attempt: (isRetry: boolean) => Promise<T>,
    retries?: Parameters<TicketDatabase['withRetries']>[1],
  ): Promise<T> {
    return super.withRetries(async (isRetry) => {
      await letOthersBy();
      return attempt(isRetry);
    }, retries);
  }
}

/** In place of the provider of TicketOfficeModule, beside a database that is made for a test. */
export const racingTicketDatabase: Provider = {
  provide: TicketDatabase,
  inject: [TICKET_DATA_SOURCE, TICKET_ENTITY],
  useFactory: (dataSource: DataSource, entity: TicketEntity) => new RacingTicketDatabase(dataSource, entity),
};

/** The one query runner of a connection to SQLite. */
const racing = new WeakSet<QueryRunner>();

/** Has the app's statements let others by, except in a transaction: SQLite lets no other write meanwhile. */
export function racingQueryRunner(runner: QueryRunner): QueryRunner {
  if (racing.has(runner)) return runner;
  racing.add(runner);
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  const startTransaction = runner.startTransaction.bind(runner);
  return Object.assign(runner, {
    query: async (...args: unknown[]) => {
      if (!runner.isTransactionActive) await letOthersBy();
      return query(...args);
    },
    startTransaction: async (...args: Parameters<typeof startTransaction>) => {
      if (!runner.isTransactionActive) await letOthersByAlone();
      return startTransaction(...args);
    },
  });
}
