import { randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { TestProject } from 'vitest/node';
import { databaseReport, type MissingDatabase } from './database-report.js';
import { selectedDatabases, type DatabaseName, type DatabaseTarget } from './database-targets.js';
import { dropDatabases } from './drop-databases.js';
import { startEmbeddedPostgres, type EmbeddedServer } from './embedded-postgres.js';
import { existingServer } from './existing-servers.js';
import { memoryFolder, temporaryFolder } from './temporary-folder.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the names of all workers' databases begin with, in this run alone. */
    databasePrefix: string;
  }
}

/** Looks once for the databases of this run, and says at its end which there were. */
export default async function setup(project: TestProject) {
  const { names, required } = selectedDatabases();
  const missing: MissingDatabase[] = [];
  const found = await findDatabases(names, missing);
  const report = databaseReport(found, missing, names);
  if (found.length === 0 || (required && missing.length > 0)) {
    await stopServers();
    throw new Error(report);
  }
  const prefix = `ticketoffice_${randomBytes(6).toString('hex')}_`;
  project.provide('databases', found);
  project.provide('databasePrefix', prefix);
  return async () => {
    await Promise.all(found.map((target) => dropDatabases(target, prefix)));
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
  sqlite: async () => pathToFileURL(await temporaryFolder('sqlite', await memoryFolder())).href,
  async 'postgres-embedded'() {
    const server = await startEmbeddedPostgres();
    running.push(server);
    return server.url;
  },
  postgres: () => existingServer('postgres'),
  mariadb: () => existingServer('mariadb'),
};
