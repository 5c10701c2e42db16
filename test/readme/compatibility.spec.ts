import { readFileSync } from 'node:fs';
import { satisfies } from 'semver';
import { expect, it } from 'vitest';
import { LEGS } from '../matrix/legs.js';

const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
const MODULES = { cjs: 'CommonJS', esm: 'ES modules' };

/** The rows of the page's table by the names of their legs, as `npm run test:matrix` has printed them. */
const rows = new Map(
  [...page.matchAll(/^\| `([\w-]+)` +\|(.*)\|$/gm)].map(([, leg, cells]) => [
    leg,
    cells!.split('|').map((cell) => cell.trim()),
  ]),
);

it.each(LEGS)('docs/compatibility.md says with what $name has run', ({ name, versions, node, build }) => {
  const [nest, typeorm, nodeJs, modules] = rows.get(name)!;
  expect(satisfies(nest!, versions['@nestjs/core']!), nest).toBe(true);
  expect(satisfies(typeorm!, versions['typeorm']!), typeorm).toBe(true);
  expect(`${nodeJs}.`.startsWith(`${node}.`), nodeJs).toBe(true);
  expect(modules).toBe(MODULES[build]);
});
