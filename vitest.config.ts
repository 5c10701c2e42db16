import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: [
      { find: /^nestjs-ticketoffice$/, replacement: fileURLToPath(new URL('lib/index.ts', import.meta.url)) },
    ],
  },
  test: {
    include: ['test/**/*.spec.ts'],
    globalSetup: [
      'test/support/database-setup.ts',
      'test/browser/browser-setup.ts',
      'test/once/app.compilation.ts',
    ],
    pool: 'forks',
    // Two even on one core, since much of a test's time is spent in the database; no more than four,
    // since every worker holds connections to each of the servers.
    maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
    // Apps declared in decorators are registered while vitest collects a file: many, though no two run at once.
    onConsoleLog: (log) => !log.includes('[DataSourceNameRegistry]'),
  },
});
