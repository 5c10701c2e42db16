import { readFileSync } from 'node:fs';
import { documentationPages } from './documentation.pages.js';

/** A block of code on a page. */
export interface CodeBlock {
  /** The page and the line that the block begins on, as editors open it. */
  readonly at: string;
  /** All that stands behind the fence's backticks. */
  readonly info: string;
  readonly code: string;
}

/** The blocks of all pages, without the indentation of the lists that some stand in. */
export const codeBlocks: readonly CodeBlock[] = documentationPages.flatMap((page) => {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^( *)```(.*)\n([^]*?)^\1```$/gm)].map(
    ({ index, 1: indent, 2: info, 3: code }) => ({
      at: `${page}:${text.slice(0, index).split('\n').length}`,
      info: info!,
      code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
});

export const blocksOf = (language: string): CodeBlock[] =>
  codeBlocks.filter(({ info }) => info.split(' ')[0] === language);
