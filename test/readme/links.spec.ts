import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anchorOf } from '../../docs/.vitepress/repository-links.js';
import { documentationPages } from './documentation.pages.js';

const root = new URL('../../', import.meta.url);
const others = ['', 'sample-app/', 'bench/'].flatMap((folder) =>
  readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.md'))
    .map((file) => folder + file),
);
const pages = new Set([...others, ...documentationPages]);

/** Without code, which has brackets of its own. */
const prose = (page: URL) =>
  readFileSync(page, 'utf8')
    .replace(/^```[^]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));

const anchorsOf = (page: URL) =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

const isBroken = (page: URL, link: string) => {
  const target = new URL(link, page);
  const anchor = decodeURIComponent(target.hash.slice(1));
  target.hash = '';
  return !existsSync(target) || (anchor !== '' && !anchorsOf(target).includes(anchor));
};

describe('A page', () => {
  it.each([...pages])('%s has no broken links', (file) => {
    const page = new URL(file, root);
    const links = [...prose(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link]) => link!);
    expect(links.filter((link) => isBroken(page, link))).toEqual([]);
  });
});
