import type { TestDatabase } from '../support/databases.js';

/** A PostgreSQL that is none of the run's: `connection` says where. */
export const dataSourceWith = (connection: object): Pick<TestDatabase, 'options'> => ({
  options: (overrides) =>
    ({ type: 'postgres', retryAttempts: 1, ...overrides, ...connection }) as ReturnType<
      TestDatabase['options']
    >,
});
