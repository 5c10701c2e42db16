import { createMarkdownRenderer } from 'vitepress';
import { describe, expect, it } from 'vitest';
import { anchorOf, nameRepositoryFiles, repositoryFile } from '../../docs/.vitepress/repository-links.js';

describe('A link of a page', () => {
  it.each([
    ['recipes.md', '../sample-app/README.md#settings', 'sample-app/README.md'],
    ['recipes/a-code.md', '../../SECURITY.md', 'SECURITY.md'],
    ['recipes/a-code.md', '../security.md', undefined],
    ['recipes.md', 'pages.md#pages-of-your-own', undefined],
    ['recipes.md', '#a-code', undefined],
    ['recipes.md', 'https://example.org/../../a', undefined],
  ])('on %s to %s leads to %s in the repository', (page, link, file) => {
    expect(repositoryFile(page, link)).toBe(file);
  });

  it('is replaced on the site by the name of the file, where that is outside docs/', async () => {
    const md = await createMarkdownRenderer('docs', { config: nameRepositoryFiles });
    const render = (text: string) => md.renderAsync(text, { relativePath: 'recipes.md' });
    expect(await render('As [the *sample*](../sample-app/a&b.ts) does, or [ours](pages.md).')).toBe(
      '<p>As <span>the <em>sample</em></span> (<code>sample-app/a&amp;b.ts</code> in the repository) does, ' +
        'or <a href="./pages.html">ours</a>.</p>\n',
    );
  });
});

it.each([
  ['`issueMany()` and "Your link": 2 × 5', 'issuemany-and-your-link-2--5'],
  ['The database, and the app’s secret', 'the-database-and-the-apps-secret'],
  ['Über uns', 'über-uns'],
])('the anchor of %s is that of GitHub', (heading, anchor) => {
  expect(anchorOf(heading)).toBe(anchor);
});
