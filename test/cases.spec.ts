import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

/** The ids of docs/cases.md, in its order. */
const documented = [...read('docs/cases.md').matchAll(/^\| ([A-Z]+-\d+)\b/gm)].map(([, id]) => id!);

const specs = readdirSync(new URL('test', root), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.spec.ts'),
);

/** The ids with which titles of tests begin. */
const shown = specs
  .flatMap((file) => [...read(`test/${file}`).matchAll(/['"`]((?:\[[A-Z]+-\d+\] ?)+)/g)])
  .flatMap(([, ids]) => [...ids!.matchAll(/[A-Z]+-\d+/g)].map(([id]) => id));

const unique = (list: string[]) => [...new Set(list)].toSorted();

describe('docs/cases.md', () => {
  it('lists every case whose id begins the title of a test, and no other', () => {
    expect(unique(documented)).toEqual(unique(shown));
  });

  it('counts no test that is not run', () => {
    const skipped = specs.filter((file) =>
      /\b(it|test|describe)\.(skip|todo|only|fails)\b/.test(read(`test/${file}`)),
    );
    expect(skipped).toEqual([]);
  });

  it('lists each case once', () => {
    expect(documented).toEqual([...new Set(documented)]);
    expect(documented.length).toBeGreaterThan(0);
  });
});
