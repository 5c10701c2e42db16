import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInRefusal } from '../../../lib/invitations/answers/built-in-pages.js';
import { languageFor, LANGUAGES, TAGS } from '../../../lib/invitations/answers/languages/languages.js';
import { languagesAskedBy } from '../../../lib/invitations/client.js';
import type { GuestRequest } from '../../../lib/invitations/guest-request.js';

const requestWith = (headers: object) => ({ method: 'GET', headers, protocol: 'http' }) as GuestRequest;

const languageOf = (header?: string) =>
  languageFor(languagesAskedBy(requestWith(header === undefined ? {} : { 'accept-language': header }), TAGS))
    .tag;

describe('the language of a page', () => {
  it('is one of ten, English first', () => {
    const tags = LANGUAGES.map(({ tag }) => tag);
    expect(tags).toEqual(['en', 'fr', 'de', 'es', 'it', 'pt', 'nl', 'pl', 'ja', 'zh-Hans']);
    for (const tag of tags) expect(Intl.getCanonicalLocales(tag)).toEqual([tag]);
  });

  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['fr', 'fr'],
    ['FR', 'fr'],
    ['fr-CA', 'fr'],
    ['fr-CA,fr;q=0.9,en-US;q=0.8,en;q=0.7', 'fr'],
    ['pt-BR', 'pt'],
    ['pt-PT,pt;q=0.9', 'pt'],
    ['de-AT', 'de'],
    ['de-CH-1996', 'de'],
    ['es-419,es;q=0.9', 'es'],
    ['nl-BE', 'nl'],
    ['ja-JP', 'ja'],
    ['zh', 'zh-Hans'],
    ['zh-CN,zh;q=0.9', 'zh-Hans'],
    ['zh-Hans-SG', 'zh-Hans'],
    // The nearest there is.
    ['zh-TW,zh;q=0.9,en;q=0.8', 'zh-Hans'],
    ['zh-Hant-HK', 'zh-Hans'],
    // The first that is preferred, not the one that is spelled the same.
    ['en-US,en;q=0.5,fr;q=0.6', 'en'],
    ['it;q=0.5, pl;q=0.9', 'pl'],
    ['pl, it', 'pl'],
    ['sv, de;q=0.5', 'de'],
    ['sv, nb;q=0.5', 'en'],
    ['sv, *;q=0.5, fr;q=0.3', 'en'],
    ['*', 'en'],
    ['fr;q=0', 'en'],
    ['fr;q=0, de;q=0.1', 'de'],
    ['fr;q=0.0, *', 'en'],
    ['en;q=0, *', 'fr'],
    ['*, en;q=0, fr;q=0', 'de'],
    ['sv, *;q=0.5, EN;q=0, de;q=0.3', 'fr'],
    ['en-GB, *;q=0.5', 'en'],
    // No language is left: a page has one all the same.
    ['*;q=0', 'en'],
    ['en;q=0', 'en'],
    ['en,fr,de,es,it,pt,nl,pl,ja,zh,*'.replaceAll(/\w+/g, '$&;q=0'), 'en'],
    // Not a language: the beginning of a name is no part of it.
    ['french', 'en'],
    ['d', 'en'],
    ['e, s', 'en'],
    ['fr_CA', 'en'],
    ['-fr', 'en'],
    [';;,=/', 'en'],
    [',,,', 'en'],
    ['fr;q=nonsense', 'en'],
    ['<script>, ja', 'ja'],
    ['__proto__, constructor, toString', 'en'],
    ['fr\u0000', 'en'],
  ])('for %j is %s', (header, tag) => {
    expect(languageOf(header)).toBe(tag);
  });

  it('is English for a header that no browser sends, however long', () => {
    for (const header of [
      'a,'.repeat(8_000) + 'fr',
      'fr' + '-a'.repeat(8_000),
      'fr,' + ' '.repeat(16_000),
      'fr;q=0.5,'.repeat(1_800),
      'x'.repeat(16_000),
      ';q='.repeat(5_000),
      '*,'.repeat(499),
    ]) {
      expect(languageOf(header)).toBe('en');
    }
  });

  it('is read of as many as a browser sends', () => {
    const many = Array.from({ length: 60 }, (_, index) => `x${index.toString(36)}-YY;q=0.9`).join(',');
    expect(many.length).toBeLessThan(1_000);
    expect(languageOf(`${many},ja;q=0.1`)).toBe('ja');
  });

  it('is there for whatever a stranger writes', () => {
    const header = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...'frdz-,;q=0.1* '.split('')) }),
    );
    fc.assert(fc.property(header, (text) => LANGUAGES.some(({ tag }) => tag === languageOf(text))));
  });
});

describe('an instant on a page', () => {
  const AT = new Date('2026-05-05T06:07:08.009Z');

  it.each([
    ['en', '5 May 2026', '06:07'],
    ['fr', '5 mai 2026', '06:07'],
    ['de', '5. Mai 2026', '06:07'],
    ['es', '5 de mayo de 2026', '6:07'],
    ['it', '5 maggio 2026', '06:07'],
    ['pt', '5 de maio de 2026', '06:07'],
    ['nl', '5 mei 2026', '06:07'],
    ['pl', '5 maja 2026', '06:07'],
    ['ja', '2026年5月5日', '6:07'],
    ['zh-Hans', '2026年5月5日', '06:07'],
  ])('is written as its readers write it, with its zone: %s', (tag, date, hour) => {
    const language = LANGUAGES.find((one) => one.tag === tag)!;
    const html = builtInRefusal('TICKET_USED', AT, language);
    const [, machine, text] = /<time datetime="([^"]+)">([^<]+)<\/time>/.exec(html)!;
    expect(machine).toBe('2026-05-05T06:07:08.009Z');
    for (const part of [date, hour, 'UTC']) expect(text).toContain(part);
  });
});
