import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkSite, siteProblems } from '../../docs/.vitepress/site.check.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let sites: string;
beforeAll(async () => {
  sites = await temporaryFolder('sites');
});

/** Writes a built site; returns its folder. */
async function siteOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(sites, 'site-'));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

const problemsOf = async (files: Record<string, string>) => siteProblems(await siteOf(files));

describe('The check of the built site', () => {
  it('finds nothing in a site that is whole', async () => {
    const files = {
      'index.html': `<link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/style.css">
        <script src="/assets/app.js"></script><a href="./guide/caf%C3%A9.html#a-b">guide</a> <a href="/guide/">all</a>
        <a href="https://example.org/">elsewhere</a> <a href="mailto:a@example.org">mail</a>`,
      'guide/café.html': '<h2 id="a-b">A B</h2><a href="../">home</a><a href="#a-b">here</a>',
      'guide/index.html': '<img src="/assets/a.png">',
      'assets/style.css':
        '@font-face { src: url(/assets/a.woff2) } a { background: url("data:image/png;base64,") }',
      'assets/app.js': 'const url = "https://example.org/a.js"; import("./b.js")',
      'assets/a.png': '',
    };
    const folder = await siteOf(files);
    expect(siteProblems(folder)).toEqual([]);
    expect(() => checkSite(folder)).not.toThrow();
  });

  it.each([
    ['<a href="/missing.html">', 'index.html: /missing.html leads nowhere'],
    ['<a class="x" href="./missing">', 'index.html: ./missing leads nowhere'],
    ['<a href="#missing">', 'index.html: #missing: index.html has no such anchor'],
    ['<a href="other.html#a&amp;b">', 'index.html: other.html#a&b: other.html has no such anchor'],
    ['<img alt="" src="/missing.png">', 'index.html: /missing.png leads nowhere'],
    ['<a href="/folder">', 'index.html: /folder leads nowhere'],
  ])('finds that %s leads nowhere', async (html, problem) => {
    const files = { 'index.html': html, 'other.html': '<p id="there">', 'folder/a.html': '' };
    expect(await problemsOf(files)).toEqual([problem]);
  });

  it.each([
    ['a.html', '<script async src="https://cdn.example/a.js"></script>', 'https://cdn.example/a.js'],
    ['a.html', '<link rel="preconnect" href="//fonts.example">', '//fonts.example'],
    ['a.html', '<img src="https://img.example/badge.svg">', 'https://img.example/badge.svg'],
    ['a.css', '@import "https://fonts.example/inter.css";', 'https://fonts.example/inter.css'],
    ['a.css', 'p { src: url(//fonts.example/a.woff2) }', '//fonts.example/a.woff2'],
    ['a.js', 'import x from"https://cdn.example/x.js"', 'https://cdn.example/x.js'],
    ['a.js', 'await fetch(`https://api.example/search`)', 'https://api.example/search'],
  ])('finds what %s loads from elsewhere by %s', async (file, text, url) => {
    expect(await problemsOf({ [file]: text })).toEqual([`${file} loads ${url}, which is not of this site`]);
  });

  it('fails the build with every problem', async () => {
    const folder = await siteOf({ 'a.html': '<a href="/b.html"><a href="#c">' });
    expect(() => checkSite(folder)).toThrow(
      'a.html: /b.html leads nowhere\na.html: #c: a.html has no such anchor',
    );
  });
});
