import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme } from 'vitepress';

const docs = new URL('../', import.meta.url);
const at = (page: string) => fileURLToPath(new URL(`${page}.md`, docs));

/** Every page but the home, by its path in docs/ without the ending, in the order of the sidebar. */
const GROUPS = {
  Begin: ['tutorial', 'installing', 'concepts', 'why-not'],
  Guide: [
    'tickets',
    'definitions',
    'guarding',
    'pages',
    'passes-and-sites',
    'browser-scripts',
    'beside-a-log-in',
    'passwords',
    'transactions',
    'graphql-and-websockets',
    'testing',
  ],
  Recipes: pagesIn('recipes'),
  Reference: [
    'options',
    'answers',
    'compatibility',
    'command-line',
    'events',
    'openapi',
    'modules-and-bundlers',
  ],
  Operation: ['security', 'operations', 'database', 'own-columns', 'sqlite', 'cases'],
  Migration: ['from-django-ticketoffice', 'from-signed-urls', 'from-a-token-table'],
};

/** Pages of a folder of docs/: its index, and the others by their file names. */
function pagesIn(folder: string): string[] {
  const url = new URL(`${folder}/`, docs);
  if (!existsSync(url)) return [];
  const names = readdirSync(url).filter((name) => name.endsWith('.md') && name !== 'index.md');
  return [`${folder}/index`, ...names.map((name) => `${folder}/${name.replace(/\.md$/, '')}`)];
}

/** A page's first heading, without marks for code. */
const titleOf = (page: string) => /^# (.+)$/m.exec(readFileSync(at(page), 'utf8'))![1]!.replaceAll('`', '');

/** The sidebar of the guide: what is written of it. */
export const sidebar = (): DefaultTheme.SidebarItem[] =>
  Object.entries(GROUPS).map(([text, pages]) => ({
    text,
    items: pages
      .filter((page) => existsSync(at(page)))
      .map((page) => ({ text: titleOf(page), link: `/${page}` })),
  }));
