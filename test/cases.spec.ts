import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

/** `id file` of each row of docs/cases.md, whose last column links the files that show the case. */
const documented = read('docs/cases.md')
  .split('\n')
  .map((line) => /^\| ([A-Z]+-\d+)\b.*\|([^|]+)\|$/.exec(line.trim()))
  .filter((row) => row !== null)
  .flatMap(([, id, files]) => [...files!.matchAll(/\(\.\.\/([^)]+)\)/g)].map(([, file]) => `${id} ${file}`));

const specs = readdirSync(new URL('test', root), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.spec.ts'),
);

/** `id file` of each title of a test that begins with an id. */
const shown = specs.flatMap((file) =>
  [...read(`test/${file}`).matchAll(/['"`]((?:\[[A-Z]+-\d+\] ?)+)/g)].flatMap(([, ids]) =>
    [...ids!.matchAll(/[A-Z]+-\d+/g)].map(([id]) => `${id} test/${file}`),
  ),
);

const unique = (list: string[]) => [...new Set(list)].toSorted();

describe('docs/cases.md', () => {
  it('lists for each case every file with a test that bears its id, and no other', () => {
    expect(unique(documented)).toEqual(unique(shown));
  });

  it('counts no test that is not run', () => {
    const skipped = specs.filter((file) =>
      /\b(it|test|describe)\.(skip|todo|only|fails)\b/.test(read(`test/${file}`)),
    );
    expect(skipped).toEqual([]);
  });

  it('lists each case once', () => {
    const ids = [...read('docs/cases.md').matchAll(/^\| ([A-Z]+-\d+)\b/gm)].map(([, id]) => id!);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids.length).toBeGreaterThan(0);
  });
});
