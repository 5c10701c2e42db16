import { inject } from 'vitest';
import { adapterNamed, type TestAdapter } from './adapters.js';
import { eachDatabase, type TestDatabase } from './databases.js';

/**
 * A describe on each database of this run, with one of the HTTP platforms, so that each database and each platform
 * has its turn: for what both could change, though neither changes what the other does. On SQLite, which is always
 * there, both platforms.
 */
export function eachPlatform(
  title: string,
  body: (database: TestDatabase, adapter: TestAdapter) => void,
): void {
  for (const name of ['Express', 'Fastify'] as const) {
    const targets = inject('databases').filter((target) => PLATFORMS[target.name].includes(name));
    if (targets.length === 0) continue;
    const adapter = adapterNamed(name);
    eachDatabase(`${title} on ${name}`, (database) => body(database, adapter), targets);
  }
}

const PLATFORMS: Record<TestDatabase['name'], TestAdapter['name'][]> = {
  sqlite: ['Express', 'Fastify'],
  postgres: ['Express'],
  'postgres-embedded': ['Express'],
  mariadb: ['Fastify'],
};
