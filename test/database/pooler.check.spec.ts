import { inject, expect, it } from 'vitest';
import { seesPooler } from '../../lib/database/pooler.check.js';
import { findPgBouncer, startPgBouncer } from '../poolers/pgbouncer.js';
import { eachDatabase, type TestDatabase } from '../support/databases.js';

async function seen(database: TestDatabase, overrides: object = {}): Promise<boolean | undefined> {
  const runner = (await database.connect(overrides)).createQueryRunner();
  try {
    return await seesPooler(runner);
  } finally {
    await runner.release();
  }
}

eachDatabase('seesPooler()', (database) => {
  it('sees none where there is none', async () => {
    expect(await seen(database)).toBe(database.name === 'sqlite' ? undefined : false);
  });
});

const program = findPgBouncer();
const postgres = inject('databases').filter(({ name }) => name.startsWith('postgres'));

if (program) {
  eachDatabase(
    'seesPooler()',
    (database) => {
      it('sees PgBouncer', async () => {
        const { url } = database.options() as { url: string };
        expect(await seen(database, { url: await startPgBouncer(program, url, 2) })).toBe(true);
      });
    },
    postgres.slice(0, 1),
  );
}
