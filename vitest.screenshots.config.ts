import { defineConfig } from 'vitest/config';
import { common } from './vitest.config.js';

/** Takes the pictures of docs/screenshots anew. */
export default defineConfig({
  ...common,
  test: {
    ...common.test,
    include: ['test/browser/screenshots.ts'],
    globalSetup: ['test/support/database-setup.ts', 'test/browser/browser-setup.ts'],
  },
});
