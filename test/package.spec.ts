import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { documentationPages } from './readme/documentation.pages.js';
import { filesIn, root, run } from './support/built-package.js';

const PAPERS = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'];
/** What the papers lead to in the repository only. */
const REPOSITORY_ONLY = /^(sample-app|bench|lib)\/|^CONTRIBUTING\.md$/;

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The files that links and pictures of a Markdown file lead to. */
const linksOf = (file: string): string[] =>
  [...read(file).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map(([, link, attribute]) => (link ?? attribute)!)
    .filter((link) => !/^[a-z]+:|^#/.test(link))
    .map((link) => normalize(join(dirname(file), link.split('#')[0]!)));

describe('The tarball of the package', () => {
  let files: string[];
  beforeAll(async () => {
    const output = await run('npm', 'pack', '--dry-run', '--ignore-scripts', '--json');
    // A list up to npm 11, an object from 12 on.
    const [{ files: packed }] = Object.values(JSON.parse(output)) as [{ files: { path: string }[] }];
    files = packed.map(({ path }) => path);
  });

  it('holds both builds, the papers, the docs and the pictures that they show, and nothing else', () => {
    const modules = filesIn('lib').map((file) => file.replace(/\.ts$/, ''));
    const builds = ['esm', 'cjs'].flatMap((format) =>
      modules.flatMap((name) => [`dist/${format}/${name}.js`, `dist/${format}/${name}.d.ts`]),
    );
    const pictures = documentationPages.flatMap(linksOf).filter((link) => link.endsWith('.png'));
    expect(files.toSorted()).toEqual(
      [
        ...new Set([...PAPERS, ...builds, 'dist/cjs/package.json', ...documentationPages, ...pictures]),
      ].toSorted(),
    );
  });

  // TypeScript would map to lib/, which is not in the tarball: bundlers and debuggers warn of such maps.
  it('has no source maps', () => {
    const built = files.filter((file) => file.endsWith('.js'));
    expect(built.length).toBeGreaterThan(0);
    expect(built.filter((file) => read(file).includes('sourceMappingURL'))).toEqual([]);
  });

  it('has papers whose links lead to a file in it, or to one of the repository: sample app, benches, sources', () => {
    const papers = files.filter((file) => file.endsWith('.md'));
    const links = papers.flatMap((file) => linksOf(file).map((link) => [file, link] as const));
    expect(links.length).toBeGreaterThan(0);
    const broken = links.filter(([, link]) =>
      REPOSITORY_ONLY.test(link) ? !existsSync(join(root, link)) : !files.includes(link),
    );
    expect(broken).toEqual([]);
  });
});
