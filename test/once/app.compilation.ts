import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
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

/** vitest's globalSetup: compiles, once for the run, the app that tests start in processes of their own. */
export default async function compileApp(project: TestProject) {
  // Inside the project, where its packages are found.
  const folder = `${root}build/once-${process.pid}`;
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  await mkdir(folder, { recursive: true });
  // Makes the compiled library the package of that name, for all that is compiled with it.
  const manifest = { name: 'nestjs-ticketoffice', type: 'module', exports: './lib/index.js' };
  await writeFile(`${folder}/package.json`, JSON.stringify(manifest));
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  await promisify(execFile)(process.execPath, [
    tsc,
    '-p',
    `${root}test/once/tsconfig.app.json`,
    '--outDir',
    folder,
  ]);
  project.provide('appChild', `${folder}/test/once/app.child.js`);
  return remove;
}
