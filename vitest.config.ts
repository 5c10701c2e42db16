import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const specs = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.spec.ts'))
  .map((name) => `test/${name}`);
const specsWith = (text: string) => specs.filter((file) => readFileSync(file, 'utf8').includes(text));
/** Those that mock a module: each has a process of its own. */
export const mocking = specsWith('vi.mock(');
/** Those of the built package, which is built before the first of them. */
const packaged = specsWith('/built-package.js');

/** What each project of the suite begins with, and each other configuration. */
export const common = {
  resolve: {
    alias: [
      { find: /^nestjs-ticketoffice$/, replacement: fileURLToPath(new URL('lib/index.ts', import.meta.url)) },
      {
        find: /^nestjs-ticketoffice\/(testing|swagger)$/,
        replacement: fileURLToPath(new URL('lib/$1/index.ts', import.meta.url)),
      },
    ],
  },
  test: {
    pool: 'forks',
    setupFiles: ['test/support/spec-file.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
} satisfies TestProjectInlineConfiguration;

const include = ['test/**/*.spec.ts'];
/** Not part of `npm test`: see vitest.apps.config.ts. */
const apps = 'test/apps/**';

export default defineConfig({
  // For what globalSetup compiles, too.
  resolve: common.resolve,
  test: {
    globalSetup: ['test/support/run.setup.ts'],
    // Two even on one core, since much of a test's time is spent in the database; no more than four,
    // since every worker holds connections to each of the servers.
    maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
    silent: 'passed-only',
    // Apps declared in decorators are registered while vitest collects a file: many, though no two run at once.
    onConsoleLog: (log) => !log.includes('[DataSourceNameRegistry]'),
    projects: [
      // Importing Nest, TypeORM, Express and Fastify takes a second: once for each worker, not for each file.
      {
        ...common,
        test: {
          ...common.test,
          name: 'shared',
          include,
          exclude: [...mocking, ...packaged, apps],
          isolate: false,
        },
      },
      { ...common, test: { ...common.test, name: 'isolated', include: mocking } },
      {
        ...common,
        test: {
          ...common.test,
          name: 'package',
          include: packaged,
          globalSetup: ['test/support/built-package.setup.ts'],
        },
      },
    ],
  },
});
