import { DefaultNamingStrategy } from 'typeorm';
import { it } from 'vitest';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { startOffice } from '../support/office.js';
import { StatementLog } from '../support/statement-log.js';
import { workThrough } from './work.through.js';

/** Spells everything otherwise than the entity does. */
class OddNames extends DefaultNamingStrategy {
  override tableName = (name: string, given?: string): string => `odd_${given ?? name}`;
  override columnName = (name: string, given?: string): string => given ?? `odd_${name}`;
}

/** What an app may set on its data source, for tables and queries of its own. */
const SETTINGS: Record<string, object> = {
  'a cache of all results': { cache: { alwaysEnabled: true, duration: 3_600_000 } },
  'a cache of some results': { cache: true },
  'a cache of all results that fails': { cache: { alwaysEnabled: true, provider: () => brokenCache } },
  'where values that throw': { invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' } },
  'where values that are NULL': { invalidWhereValuesBehavior: { null: 'sql-null', undefined: 'ignore' } },
  'isolated WHERE': { isolateWhereStatements: true },
  'entities without constructor': { entitySkipConstructor: true },
  'relations by queries': { relationLoadStrategy: 'query' },
  'names of its own': { namingStrategy: new OddNames(), entityPrefix: 'museum_' },
  'a logger of all statements, and of slow ones': {
    logging: 'all',
    logger: new StatementLog(),
    maxQueryExecutionTime: 0.000_001,
  },
  'one connection': { poolSize: 1 },
};

const brokenCache = {
  connect: async () => undefined,
  disconnect: async () => undefined,
  synchronize: async () => undefined,
  getFromCache: () => Promise.reject(new Error('The cache is away')),
  storeInCache: () => Promise.reject(new Error('The cache is away')),
  isExpired: () => true,
  clear: async () => undefined,
  remove: async () => undefined,
};

eachDatabase('[F-4] What the office reads and writes', (database: TestDatabase) => {
  it.each(Object.entries(SETTINGS))(
    '[F-4] is the same with %s in the data source of the app',
    async (_, settings) => {
      await workThrough(await startOffice(database, {}, { ...settings, dropSchema: true }));
    },
  );
});
