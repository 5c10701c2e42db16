import { constants, rmSync } from 'node:fs';
import { access, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone when the process is, also when the run is interrupted: vitest tears nothing down then. */
export async function temporaryFolder(name: string, parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, `ticketoffice-${name}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 256 * 1024 * 1024;

/** The folder of a file system in memory, where the machine has one with room; else that of temporary files. */
export async function memoryFolder(): Promise<string> {
  try {
    await access(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
