import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import suite, { common, mocking } from '../../vitest.config.js';
import { leftOutOf } from './left-out.js';

// The suite in the project of a leg: its specs test the package that is installed there.
const build = process.env['TICKET_OFFICE_MATRIX_BUILD'] === 'cjs' ? 'cjs' : 'esm';
const entry =
  build === 'cjs'
    ? createRequire(import.meta.url).resolve('nestjs-ticketoffice')
    : fileURLToPath(import.meta.resolve('nestjs-ticketoffice'));

const resolve = {
  alias: [
    { find: /^nestjs-ticketoffice$/, replacement: entry },
    { find: /^nestjs-ticketoffice\/(testing|swagger)$/, replacement: join(dirname(entry), '$1/index.js') },
    // The very modules that the entry loads.
    { find: /^(?:\.\.\/)+lib\/(.+)$/, replacement: join(dirname(entry), '$1') },
  ],
};
const include = ['test/**/*.spec.ts'];
const isInstalled = (name: string) => existsSync(join('node_modules', name));
const exclude = leftOutOf(build, isInstalled).flatMap(({ specs }) => specs);
const setupFiles = [...common.test.setupFiles, 'test/matrix/package.setup.ts'];
// vitest mocks nothing of what Node.js loads by itself, as it does all packages by default.
const server = { deps: { inline: [/\/node_modules\/nestjs-ticketoffice\//] } };

export default defineConfig({
  ...suite,
  resolve,
  test: {
    ...suite.test,
    projects: [
      {
        resolve,
        test: {
          ...common.test,
          name: 'shared',
          include,
          exclude: [...exclude, ...mocking],
          isolate: false,
          setupFiles,
        },
      },
      { resolve, test: { ...common.test, name: 'isolated', include: mocking, exclude, server } },
    ],
  },
});
