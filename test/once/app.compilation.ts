import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The compiled `app.child.ts`. */
    appChild: string;
    /** The compiled `ticket.table.process.mjs`. */
    ticketTableProcess: string;
    /** The compiled `sample-app/cluster/main.ts`. */
    sampleCluster: string;
  }
}

const ENTRIES = [
  'test/once/app.child.ts',
  'test/tickets/ticket.table.process.mjs',
  'sample-app/cluster/main.ts',
  'sample-app/cluster/node.process.ts',
  'sample-app/cluster/embedded-postgres.process.ts',
];

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiles, once for the run, what tests start in processes of their own: against the same library as the tests. */
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
    resolve: { alias: project.vite.config.resolve.alias },
    build: {
      ssr: true,
      outDir,
      copyPublicDir: false,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: ENTRIES.map((file) => join(root, file)),
        // An installed library (test/matrix) is loaded from where it is installed.
        external: /\/node_modules\//,
        // Each file by itself: a bundle renames classes of the same name.
        output: { preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
      },
    },
  });
  for (const folder of ['sample-app/views', 'sample-app/public'])
    cpSync(join(root, folder), join(outDir, folder), { recursive: true });
  project.provide('sampleCluster', join(outDir, 'sample-app/cluster/main.js'));
  project.provide('appChild', join(outDir, 'test/once/app.child.js'));
  project.provide('ticketTableProcess', join(outDir, 'test/tickets/ticket.table.process.js'));
  return remove;
}
