import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** A built page: what it links to, what a browser loads for it, and the anchors that it has. */
interface BuiltPage {
  readonly file: string;
  readonly links: readonly string[];
  readonly loaded: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

const unescape = (value: string) =>
  value.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<');

/** The values of an attribute on elements of these names. */
const attributes = (html: string, elements: string, name: string): string[] =>
  [...html.matchAll(new RegExp(`<(?:${elements})\\b[^>]*?\\s${name}="([^"]*)"`, 'g'))].map(([, value]) =>
    unescape(value!),
  );

function readPage(folder: string, file: string): BuiltPage {
  const html = readFileSync(posix.join(folder, file), 'utf8');
  return {
    file,
    links: attributes(html, 'a', 'href'),
    loaded: [
      ...attributes(html, 'link', 'href'),
      ...attributes(html, 'script|img|iframe|source|video|audio|embed', 'src'),
      ...attributes(html, 'img|source', 'srcset'),
    ],
    anchors: new Set(attributes(html, '[\\w-]+', 'id')),
  };
}

/** What style sheets load. */
const loadedByStyles = (css: string): string[] =>
  [...css.matchAll(/(?:url\(|@import\s*)["']?([^"')\s;]+)/g)].map(([, url]) => url!);

/** Modules that a script imports, and what it fetches, from an address that is written out. */
const loadedByScript = (script: string): string[] =>
  [
    ...script.matchAll(
      /(?:\bimport\s*\(?|\bfrom|\bfetch\(|importScripts\()\s*["'`]((?:https?:)?\/\/[^"'`]+)/g,
    ),
  ].map(([, url]) => url!);

const isElsewhere = (url: string) => /^(https?:)?\/\//.test(url);

/**
 * What is wrong with a built site, a sentence for each: links and anchors that lead nowhere, and files that it loads from
 * another site.
 */
export function siteProblems(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const pages = new Map(
    files.filter((file) => file.endsWith('.html')).map((file) => [file, readPage(folder, file)]),
  );
  const known = new Set(files);

  const problemOf = (page: BuiltPage, link: string): string | undefined => {
    if (/^[a-z][a-z+.-]*:/.test(link) || link.startsWith('//')) return undefined;
    const { pathname, hash } = new URL(link, `http://site/${page.file}`);
    const path = decodeURIComponent(pathname).slice(1);
    const target = [path, `${path}.html`, posix.join(path, 'index.html')].find((file) => known.has(file));
    if (target === undefined || (path !== '' && target === path && !/\.\w+$/.test(path)))
      return `${page.file}: ${link} leads nowhere`;
    const anchor = decodeURIComponent(hash.slice(1));
    const isMissing = anchor !== '' && pages.get(target)?.anchors.has(anchor) === false;
    return isMissing ? `${page.file}: ${link}: ${target} has no such anchor` : undefined;
  };

  const broken = [...pages.values()].flatMap((page) =>
    [...page.links, ...page.loaded.filter((url) => !isElsewhere(url))].map((link) => problemOf(page, link)),
  );
  const loaded = files.flatMap((file) => {
    if (file.endsWith('.html')) return pages.get(file)!.loaded.map((url) => ({ file, url }));
    const read = () => readFileSync(posix.join(folder, file), 'utf8');
    if (file.endsWith('.css')) return loadedByStyles(read()).map((url) => ({ file, url }));
    if (file.endsWith('.js')) return loadedByScript(read()).map((url) => ({ file, url }));
    return [];
  });
  const elsewhere = loaded
    .filter(({ url }) => isElsewhere(url))
    .map(({ file, url }) => `${file} loads ${url}, which is not of this site`);
  return [...new Set([...broken.filter((problem) => problem !== undefined), ...elsewhere])];
}

/** @throws Error with every problem of the built site */
export function checkSite(folder: string): void {
  const problems = siteProblems(folder);
  if (problems.length > 0) throw new Error(`The site is not whole:\n${problems.join('\n')}`);
}
