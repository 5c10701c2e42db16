import { chinese } from './chinese.js';
import { dutch } from './dutch.js';
import { english } from './english.js';
import { french } from './french.js';
import { german } from './german.js';
import { italian } from './italian.js';
import { japanese } from './japanese.js';
import { polish } from './polish.js';
import { portuguese } from './portuguese.js';
import { spanish } from './spanish.js';
import type { Language } from './language.js';

/** Every language of the built-in pages; the first is for guests who prefer none of them. */
export const LANGUAGES: readonly [Language, ...Language[]] = [
  english,
  french,
  german,
  spanish,
  italian,
  portuguese,
  dutch,
  polish,
  japanese,
  chinese,
];

/** The tags of these languages, in their order. */
export const TAGS: readonly string[] = LANGUAGES.map(({ tag }) => tag);

/** By tag in lower case, and by what a tag begins with: `zh-hans` and `zh`. The first language of a name has it. */
const BY_RANGE = new Map(
  LANGUAGES.toReversed().flatMap((language) =>
    rangesOf(language.tag).map((range) => [range, language] as const),
  ),
);

/**
 * The language for a guest, as RFC 4647 looks one up (section 3.4): of those that are asked for, in their order, the first
 * that is there, `fr` for `fr-CA`, too.
 *
 * @param asked language ranges, the best first
 */
export function languageFor(asked: readonly string[]): Language {
  for (const range of asked) {
    const found = lookUp(range);
    if (found) return found;
  }
  return LANGUAGES[0];
}

const lookUp = (range: string): Language | undefined =>
  rangesOf(range)
    .map((name) => BY_RANGE.get(name))
    .find((language) => language !== undefined);

/** A tag, and what is left of it as its last parts are taken off: `zh-hant-tw`, `zh-hant`, `zh`. */
function rangesOf(tag: string): string[] {
  const parts = tag.toLowerCase().split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}
