import { CredentialsError } from 'nestjs-ticketoffice';
import { DefaultNamingStrategy } from 'typeorm';
import { expect, it } from 'vitest';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { StatementLog } from '../support/statement-log.js';

const scope = { place: 'louvre', purpose: 'visit' };

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

/** All that the office reads and writes, and reads again after each write. */
async function workThrough({ tickets }: TicketOffice): Promise<void> {
  const issue = async (input: object = {}) => tickets.issue({ ...scope, ...input });
  const listed = async (status: 'valid' | 'claimed' | 'used' | 'revoked') =>
    (await tickets.list({ ...scope, status })).map(({ uuid }) => uuid);
  const [one, two, three] = [
    await issue({ subject: 'léonard', data: { room: '🖼' } }),
    await issue({ password: 'I love Paris' }),
    await issue(),
  ];
  const [first, second, third] = [one, two, three].map(({ credentials }) => credentials.uuid) as [
    string,
    string,
    string,
  ];
  expect(new Set(await listed('valid'))).toEqual(new Set([first, second, third]));
  expect(await tickets.find(first)).toMatchObject({ subject: 'léonard', data: { room: '🖼' } });

  const wrong = tickets.authenticate({ uuid: second, password: 'I love Rome' }, scope.place, scope.purpose);
  await expect(wrong).rejects.toThrow(CredentialsError);
  const claim = await tickets.claim(await tickets.authenticate(two.credentials, scope.place, scope.purpose));
  expect(await listed('claimed')).toEqual([second]);
  await claim.stamp();
  expect([await listed('claimed'), await listed('used')]).toEqual([[], [second]]);

  expect(await tickets.revoke(third)).toBe(true);
  expect([await listed('revoked'), await listed('valid')]).toEqual([[third], [first]]);
  // Two at once with one connection: the second waits, and is refused.
  const both = [1, 2].map(() =>
    tickets.redeem(one.credentials, scope.place, scope.purpose, async (_, manager) => {
      await manager.query('SELECT 1');
    }),
  );
  const outcomes = (await Promise.allSettled(both)).map(({ status }) => status);
  expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
  expect([await listed('valid'), (await listed('used')).length]).toEqual([[], 2]);

  const counts = { used: 2, revoked: 1, expired: 0 };
  expect(await tickets.clean({ before: new Date(Date.now() + 1000), batchSize: 1 })).toMatchObject(counts);
  expect(await tickets.list({})).toEqual([]);
}

eachDatabase('[F-4] What the office reads and writes', (database: TestDatabase) => {
  it.each(Object.entries(SETTINGS))(
    '[F-4] is the same with %s in the data source of the app',
    async (_, settings) => {
      await workThrough(await startOffice(database, {}, { ...settings, dropSchema: true }));
    },
  );
});
