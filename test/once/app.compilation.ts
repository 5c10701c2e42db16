import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The compiled `app.child.ts`. */
    appChild: string;
    /** The compiled library that it imports. */
    compiledLibrary: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiles, once for the run, the app that tests start in processes of their own. */
export default async function compileApp(project: TestProject): Promise<() => void> {
  // Inside the project, where its packages are found.
  const outDir = join(root, `build/once-${process.pid}`);
  const remove = () => rmSync(outDir, { recursive: true, force: true });
  process.once('exit', remove);
  // Not tsc, which takes ten seconds and more; the types are checked elsewhere.
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    resolve: { alias: { 'nestjs-ticketoffice': join(root, 'lib/index.ts') } },
    build: {
      ssr: true,
      outDir,
      copyPublicDir: false,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: [join(root, 'test/once/app.child.ts'), join(root, 'lib/index.ts')],
        // Each file by itself: a bundle renames classes of the same name.
        output: { preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
      },
    },
  });
  project.provide('appChild', join(outDir, 'test/once/app.child.js'));
  project.provide('compiledLibrary', join(outDir, 'lib/index.js'));
  return remove;
}
