// better-sqlite3 13 crashes where Node.js lacks Node-API 10: on 20, and on 22 before 22.14. There, 12 takes its place.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '12.11.1';
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const driver = join(modules, 'better-sqlite3');

/** False without development dependencies (`npm ci --omit=dev`), too: nothing is to be replaced then. */
const isOther = () =>
  existsSync(driver) && JSON.parse(readFileSync(join(driver, 'package.json'), 'utf8')).version !== VERSION;

if (Number(process.versions.napi) < 10 && isOther()) {
  // Beside its place, on the same disk, and with its own dependencies inside: the folder is moved as it is.
  const prefix = mkdtempSync(join(modules, '.sqlite-'));
  try {
    execFileSync(
      process.execPath,
      [
        process.env.npm_execpath,
        'install',
        `better-sqlite3@${VERSION}`,
        `--prefix=${prefix}`,
        '--install-strategy=nested',
        '--ignore-scripts=false',
      ],
      { stdio: 'inherit' },
    );
    rmSync(driver, { recursive: true });
    renameSync(join(prefix, 'node_modules/better-sqlite3'), driver);
  } finally {
    rmSync(prefix, { recursive: true });
  }
}
