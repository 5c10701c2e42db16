import { pathToFileURL } from 'node:url';
import type { TestProject } from 'vitest/node';
import { databaseReport, type MissingDatabase } from './database-report.js';
import { selectedDatabases, type DatabaseName, type DatabaseTarget } from './database-targets.js';
import { startEmbeddedPostgres, type EmbeddedServer } from './embedded-postgres.js';
import { existingServer } from './existing-servers.js';
import { temporaryFolder } from './temporary-folder.js';

/** vitest's globalSetup: looks once for the databases of this run, and says at its end which there were. */
export default async function setup(project: TestProject) {
  const { names, required } = selectedDatabases();
  const missing: MissingDatabase[] = [];
  const found = await findDatabases(names, missing);
  const report = databaseReport(found, missing, names);
  if (found.length === 0 || (required && missing.length > 0)) {
    await stopServers();
    throw new Error(report);
  }
  project.provide('databases', found);
  return async () => {
    await stopServers();
    // Teardown comes after vitest's summary, so this stands below the results.
    process.stdout.write(`${report}\n\n`);
  };
}

async function findDatabases(names: DatabaseName[], missing: MissingDatabase[]): Promise<DatabaseTarget[]> {
  const results = await Promise.all(
    names.map((name) =>
      find[name]().then(
        (url) => ({ name, url }),
        (error: Error) => void missing.push({ name, reason: error.message }),
      ),
    ),
  );
  return results.filter((target) => target !== undefined);
}

const running: EmbeddedServer[] = [];

async function stopServers(): Promise<void> {
  for (const server of running.splice(0)) await server.stop();
}

const find: Record<DatabaseName, () => Promise<string>> = {
  sqlite: async () => pathToFileURL(await temporaryFolder('sqlite')).href,
  async 'postgres-embedded'() {
    const server = await startEmbeddedPostgres();
    running.push(server);
    return server.url;
  },
  postgres: () => existingServer('postgres'),
  mariadb: () => existingServer('mariadb'),
};
