import { readdirSync } from 'node:fs';

/** The pages of docs/, written by hand: without what TypeDoc generates. */
const docs = readdirSync(new URL('../../docs', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md') && !/^(api|\.vitepress)\//.test(file))
  .map((file) => `docs/${file}`)
  .toSorted();

/** What is written for the app's developer: the README, and the pages of docs/. */
export const documentationPages: readonly string[] = ['README.md', ...docs];
