import { posix } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

/** An anchor as GitHub makes it of a heading, so that one link leads to it there and here. */
export const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** The file of the repository that a link of a page leads to, where that is none of the site's. */
export function repositoryFile(page: string, link: string): string | undefined {
  if (/^([a-z]+:|#|\/)/.test(link)) return undefined;
  const target = posix.join('docs', posix.dirname(page), link.split('#')[0]!);
  return target.startsWith('docs/') ? undefined : target;
}

/** Links to files outside docs/ work on GitHub and in the package. The site has no such files: it names them. */
export function nameRepositoryFiles(md: MarkdownRenderer): void {
  md.core.ruler.push('repository-files', ({ tokens, env }) => {
    const { relativePath } = env as { relativePath: string };
    for (const { children } of tokens) {
      let file: string | undefined;
      for (const token of children ?? []) {
        if (token.type === 'link_open') file = repositoryFile(relativePath, String(token.attrGet('href')));
        if (file === undefined) continue;
        if (token.type === 'link_open') Object.assign(token, { type: 'html_inline', content: '<span>' });
        if (token.type !== 'link_close') continue;
        const content = `</span> (<code>${md.utils.escapeHtml(file)}</code> in the repository)`;
        Object.assign(token, { type: 'html_inline', content });
        file = undefined;
      }
    }
  });
}
