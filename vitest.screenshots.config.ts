import { defineConfig } from 'vitest/config';
import suite from './vitest.config.js';

/** Takes the pictures of docs/screenshots anew. */
export default defineConfig({
  ...suite,
  test: {
    ...suite.test,
    include: ['test/browser/screenshots.ts'],
    globalSetup: ['test/support/database-setup.ts', 'test/browser/browser-setup.ts'],
  },
});
