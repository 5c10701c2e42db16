import { expect, it } from 'vitest';
import { sidebar } from '../../docs/.vitepress/pages.js';
import { documentationPages } from '../readme/documentation.pages.js';

it('the sidebar of the site has every page but the home, each once', () => {
  const listed = sidebar().flatMap(({ items }) => items!.map(({ link }) => `docs${link}.md`));
  const pages = documentationPages.filter((page) => !['README.md', 'docs/index.md'].includes(page));
  expect(listed.toSorted()).toEqual(pages);
});
