import { defineConfig } from 'vitest/config';

/** Apps as `nest new` makes them, beside the packed library: a file, and a worker, for each version of Nest. */
export default defineConfig({
  test: {
    include: ['test/apps/*.spec.ts'],
    // Also on two cores: half of the time is spent in waiting for the registry.
    maxWorkers: 2,
    globalSetup: ['test/apps/apps.setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
