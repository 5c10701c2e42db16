import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ModuleSystem = 'cjs' | 'esm';

const folderOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The examples of the README and of docs/testing.md that the museum consists of. */
const EXAMPLES = [
  'museum.controller.ts',
  'account.controller.ts',
  'account.entity.ts',
  'password.hash.ts',
  'louvre.spec.ts',
  'museum.controller.spec.ts',
  'museum.requests.spec.ts',
];

/** Replaces the source of an app by the museum's, in its module system, with the tests for its test runner alone. */
export async function furnish(app: string, system: ModuleSystem): Promise<void> {
  const otherRunner = system === 'cjs' ? 'vitest' : 'jest';
  for (const name of ['src', 'test']) {
    await rm(join(app, name), { recursive: true });
    await cp(folderOf(`museum/${name}`), join(app, name), {
      recursive: true,
      filter: (file) => basename(file) !== otherRunner,
    });
  }
  for (const example of EXAMPLES) await cp(join(folderOf('../readme'), example), join(app, 'src', example));
  await rewrite(join(app, 'src'), './', system);
  await rewrite(join(app, 'test'), '../src/', system);
}

async function rewrite(folder: string, pathToExamples: string, system: ModuleSystem): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  for (const file of names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name))) {
    const text = (await readFile(file, 'utf8')).replaceAll("'../../../readme/", `'${pathToExamples}`);
    await writeFile(file, system === 'cjs' ? inCommonJs(text) : text);
  }
}

/** As `nest new` writes it for CommonJS: relative imports have no ending, and Jest's functions are global. */
const inCommonJs = (text: string): string =>
  text.replaceAll(/ from '(\..+)\.js';/g, " from '$1';").replaceAll(/^import .* from 'vitest';\n/gm, '');
