import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execute } from '../support/database-servers.js';
import { freePort } from '../support/free-port.js';
import { afterwards } from '../support/suite-scope.js';
import { memoryFolder, temporaryFolder } from '../support/temporary-folder.js';
import { account, run } from './postgres.programs.js';

/** Settings of a server, by the names of postgresql.conf. */
export type PostgresSettings = Record<string, string | number>;

const COMMON: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 60,
  shared_buffers: '16MB',
  // Nobody pulls the plug; servers are killed, and what they have written stays with the kernel.
  fsync: 'off',
  // Nothing else listens to these.
  autovacuum: 'off',
};

/** How a server ends: it tells its sessions, and sends its standby what is left; or it ends without a word. */
export type ServerEnd = 'fast' | 'immediate';
const SIGNALS: Record<ServerEnd, NodeJS.Signals> = { fast: 'SIGINT', immediate: 'SIGQUIT' };

/** A PostgreSQL of the test's own; it ends after the test, or after the block. */
export class PostgresServer {
  private constructor(
    private readonly programs: string,
    private readonly port: number,
    private readonly process: ChildProcess,
  ) {}

  /** Starts an empty server, which takes standbys. */
  static async create(programs: string, settings: PostgresSettings = {}): Promise<PostgresServer> {
    const folder = await emptyFolder();
    const initdb = ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await run(programs, 'initdb', initdb);
    return PostgresServer.start(programs, folder, settings);
  }

  /**
   * Copies it as it is now, and starts the copy as its standby.
   *
   * @param name by which the primary can wait for it (`synchronous_standby_names`)
   */
  async createStandby(name: string, settings: PostgresSettings = {}): Promise<PostgresServer> {
    const folder = await emptyFolder();
    const connection = `host=127.0.0.1 port=${this.port} user=postgres application_name=${name}`;
    const copy = ['-D', folder, '-d', connection, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'];
    await run(this.programs, 'pg_basebackup', copy);
    return PostgresServer.start(this.programs, folder, settings);
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  query(sql: string): Promise<unknown[]> {
    return execute('postgres', this.url, sql);
  }

  /** Makes the standby a primary. */
  async promote(): Promise<void> {
    await this.query('SELECT pg_promote()');
  }

  async stop(how: ServerEnd): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, 'exit');
    this.process.kill(SIGNALS[how]);
    await exit;
  }

  private static async start(programs: string, folder: string, settings: PostgresSettings) {
    const port = await freePort();
    const flags = Object.entries({ ...COMMON, ...settings, port }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const server = spawn(join(programs, 'postgres'), ['-D', folder, ...flags], {
      ...account(),
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const kill = () => server.kill('SIGQUIT');
    process.once('exit', kill);
    afterwards(async () => {
      process.off('exit', kill);
      await started.stop('immediate');
      // Some fifty megabytes each; a worker of vitest is ended without its exit handlers.
      await rm(dirname(folder), { recursive: true });
    });
    const started = new PostgresServer(programs, port, server);
    await ready(server);
    return started;
  }
}

async function ready(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface(server.stderr!)) {
    if (line.includes('ready to accept')) {
      // What nobody reads would fill the pipe.
      server.stderr!.resume();
      return;
    }
    said.push(line);
  }
  throw new Error(`postgres did not start:\n${said.join('\n')}`);
}

/** A folder of the account's that the servers run as. */
async function emptyFolder(): Promise<string> {
  const parent = await temporaryFolder('replication', await memoryFolder());
  const { uid, gid } = account();
  await chmod(parent, 0o755);
  const folder = join(parent, 'data');
  await mkdir(folder, { mode: 0o700 });
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}
