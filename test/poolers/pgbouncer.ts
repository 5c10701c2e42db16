import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { isExecutable } from '../support/executable.js';
import { freePort } from '../support/free-port.js';
import { afterwards } from '../support/suite-scope.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The program of PgBouncer; `undefined`: it is not installed. Debian has it where only root looks by itself. */
export function findPgBouncer({ PATH = '' } = process.env): string | undefined {
  const folders = [...PATH.split(delimiter).filter(Boolean), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'pgbouncer')).find(isExecutable);
}

/** Reads TICKET_OFFICE_TEST_PGBOUNCER: `required` turns a missing program into a failure. */
export function isPgBouncerRequired(setting = process.env['TICKET_OFFICE_TEST_PGBOUNCER'] ?? ''): boolean {
  if (!['', 'required'].includes(setting))
    throw new Error(`TICKET_OFFICE_TEST_PGBOUNCER does not know ${setting}: write \`required\`, or nothing`);
  return setting === 'required';
}

/**
 * Starts PgBouncer in transaction mode before a database; it ends after the test, or after the block.
 *
 * @returns the URL of the same database, by this way
 */
export async function startPgBouncer(program: string, target: string, size: number): Promise<string> {
  const { hostname, port: serverPort, username, password, pathname } = new URL(target);
  const port = await freePort();
  const login = [
    `host=${hostname}`,
    `port=${serverPort}`,
    `user=${username}`,
    password && `password=${password}`,
  ];
  const settings = [
    '[databases]',
    `* = ${login.filter(Boolean).join(' ')}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    `default_pool_size = ${size}`,
    'max_client_conn = 200',
    'log_connections = 0',
    'log_disconnections = 0',
  ];
  const file = join(await temporaryFolder('pgbouncer'), 'pgbouncer.ini');
  await writeFile(file, `${settings.join('\n')}\n`);
  await run(program, file);
  return `postgres://${username}@127.0.0.1:${port}${pathname}`;
}

async function run(program: string, file: string): Promise<void> {
  // It refuses to run as root; it reads its settings before it changes its user.
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const bouncer = spawn(program, [...asUser, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(bouncer, 'exit');
  afterwards(async () => {
    bouncer.kill('SIGKILL');
    await ended;
  });
  const said: string[] = [];
  for await (const line of createInterface(bouncer.stderr)) {
    if (line.includes('process up')) {
      // What nobody reads would fill the pipe.
      bouncer.stderr.resume();
      return;
    }
    said.push(line);
  }
  throw new Error(`pgbouncer did not start: ${said.join('\n')}`);
}
