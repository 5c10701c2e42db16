import { existsSync, readFileSync } from 'node:fs';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { sidebar } from './pages.js';
import { anchorOf, nameRepositoryFiles } from './repository-links.js';
import { checkSite } from './site.check.js';

/** What TypeDoc has written beside its pages; there is none until it has run. */
const apiSidebar = new URL('../api/typedoc-sidebar.json', import.meta.url);
const api = existsSync(apiSidebar)
  ? (JSON.parse(readFileSync(apiSidebar, 'utf8')) as DefaultTheme.SidebarItem[])
  : [];

export default defineConfig({
  title: 'nestjs-ticketoffice',
  description: 'Tickets that let a guest do one thing, once: for NestJS on TypeORM.',
  lang: 'en',
  outDir: '../build/docs',
  cacheDir: '../build/docs-cache',
  // No icon: without this line browsers ask for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: { anchor: { slugify: anchorOf }, config: nameRepositoryFiles },
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'Guide', link: '/concepts' },
      { text: 'Recipes', link: '/recipes/' },
      { text: 'API', link: '/api/' },
      { text: 'Security', link: '/security' },
    ],
    sidebar: { '/api/': api, '/': sidebar() },
    outline: [2, 3],
    search: { provider: 'local' },
  },
  buildEnd: ({ outDir }) => checkSite(outDir),
});
