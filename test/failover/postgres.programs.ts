import { execFile, execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from '../support/executable.js';

const NEEDED = ['initdb', 'postgres', 'pg_basebackup'] as const;

/** Debian's folder for each version, which is not on the PATH. */
const VERSIONS = '/usr/lib/postgresql';

/** The folder with PostgreSQL's own programs; `undefined`: they are not installed. */
export function findPostgres({ PATH = '' } = process.env): string | undefined {
  const folders = [...versionFolders(), ...PATH.split(delimiter).filter(Boolean)];
  return folders.find((folder) => NEEDED.every((name) => isExecutable(join(folder, name))));
}

function versionFolders(): string[] {
  try {
    const versions = readdirSync(VERSIONS).toSorted((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(VERSIONS, version, 'bin'));
  } catch {
    return [];
  }
}

/** Reads TICKET_OFFICE_TEST_REPLICATION: `required` turns missing programs into a failure. */
export function isPostgresRequired(setting = process.env['TICKET_OFFICE_TEST_REPLICATION'] ?? ''): boolean {
  if (!['', 'required'].includes(setting))
    throw new Error(
      `TICKET_OFFICE_TEST_REPLICATION does not know ${setting}: write \`required\`, or nothing`,
    );
  return setting === 'required';
}

/** What to run the programs as: they refuse to run as root, and then run as the user `postgres`. */
export function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Runs a program to its end. */
export async function run(folder: string, program: string, parameters: readonly string[]): Promise<void> {
  const options = { ...account(), cwd: '/', env: { ...process.env, LC_ALL: 'C' } };
  await promisify(execFile)(join(folder, program), parameters, options);
}
