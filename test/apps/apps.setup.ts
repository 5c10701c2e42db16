import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { existingServer } from '../support/existing-servers.js';
import { temporaryFolder } from '../support/temporary-folder.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The package as it would be published. */
    tarball: string;
    /** A PostgreSQL server. */
    postgres: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** vitest's globalSetup: packs the library as it is built, and looks for the database server. */
export default async function prepareApps(project: TestProject): Promise<void> {
  const folder = await temporaryFolder('packed');
  const args = ['pack', '--ignore-scripts', '--pack-destination', folder];
  const [postgres] = await Promise.all([
    existingServer('postgres'),
    promisify(execFile)('npm', args, { cwd: root }),
  ]);
  const [tarball] = await readdir(folder);
  project.provide('tarball', join(folder, tarball!));
  project.provide('postgres', postgres);
}
