import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The compiled `app.child.ts`. */
    appChild: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the project, where its packages are found.
const build = join(root, 'build');
/** All that is compiled, and how. */
const SOURCES = ['lib', 'test/once', 'test/support'];
const SETTINGS = ['tsconfig.json', 'package-lock.json'];

/** Compiles the app that tests start in processes of their own, unless an earlier run has compiled the same. */
export default async function compileApp(project: TestProject): Promise<void> {
  const folder = join(build, `once-${await digest()}`);
  if (!existsSync(folder)) {
    await removeOld();
    await compile(folder);
  }
  project.provide('appChild', join(folder, 'test/once/app.child.js'));
}

async function digest(): Promise<string> {
  const listed = await Promise.all(
    SOURCES.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => join(folder, name)),
    ),
  );
  const files = listed.flat().filter((name) => /\.(ts|json)$/.test(name) && !name.endsWith('.spec.ts'));
  const hash = createHash('sha256');
  for (const name of [...files.toSorted(), ...SETTINGS])
    hash.update(name).update(await readFile(join(root, name)));
  return hash.digest('hex').slice(0, 16);
}

/** In another folder first: another run may compile the same, and none must find half of it. */
async function compile(folder: string): Promise<void> {
  await mkdir(build, { recursive: true });
  const draft = await mkdtemp(join(build, 'compiling-'));
  try {
    // Makes the compiled library the package of that name, for all that is compiled with it.
    const manifest = { name: 'nestjs-ticketoffice', type: 'module', exports: './lib/index.js' };
    await writeFile(join(draft, 'package.json'), JSON.stringify(manifest));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const settings = join(root, 'test/once/tsconfig.app.json');
    await promisify(execFile)(process.execPath, [tsc, '-p', settings, '--outDir', draft]);
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes what no run uses any more. */
async function removeOld(): Promise<void> {
  const names = existsSync(build) ? await readdir(build) : [];
  for (const folder of names
    .filter((name) => /^(once|compiling)-/.test(name))
    .map((name) => join(build, name))) {
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > DAY_MS) await rm(folder, { recursive: true, force: true });
  }
}
