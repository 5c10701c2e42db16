import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLocation as withoutUnwanted } from '../../lib/invitations/request-target.js';
import { DEFAULT_PARAMETERS, isCredential as hasItsName } from '../../lib/tickets/credential.parameters.js';
import { inAnyOrder, RUNS, textOf } from '../support/anything.js';

const MUSEUM = 'https://museum.example';
const CREDENTIAL = /^(uuid|password)(\[|$)/;

const cleanLocation = (target: string) =>
  withoutUnwanted(target, (name) => hasItsName(name, DEFAULT_PARAMETERS));

/** What browsers are known to read as another host's address, or could. */
const anyTarget = fc
  .tuple(
    fc.constantFrom('', '/', '//', '/\\', '\\', '/\t/', '/.', '/%2f', 'https:'),
    textOf(
      ...[
        '/',
        '\\',
        '.',
        '..',
        '%2f',
        '%5c',
        '%0d%0a',
        '\r\n',
        '\t',
        '\u0085',
        ' ',
        '@',
        ':',
        'evil.example',
      ],
      ...[
        '?',
        '&',
        '=',
        '#',
        'uuid',
        'password',
        '%75uid',
        'uuid[',
        '%5B',
        '+',
        ';',
        'https:',
        'javascript:',
      ],
    ),
  )
  .map((parts) => parts.join(''));

describe('The address that a guest is led on to, from any target,', () => {
  it('[L-1] [F-2] stays on this origin and below any prefix, and has no control character, or there is none', () => {
    const property = fc.property(anyTarget, (target) => {
      const clean = cleanLocation(target);
      if (clean === undefined) return;
      expect(new URL(clean, MUSEUM).origin).toBe(MUSEUM);
      for (const page of ['page', '', 'page?a=1#map'])
        expect(new URL(clean, `${MUSEUM}/some/${page}`).href).toMatch(`${MUSEUM}/some/`);
      expect(clean).not.toMatch(/[\\\p{Cc}]/u);
    });
    fc.assert(property, RUNS);
  });

  it('[L-1] is none where a blank would lead above the prefix', () => {
    for (const target of ['/.. ', '/. ', '/%2e. ', '/louvre ']) expect(cleanLocation(target)).toBeUndefined();
  });

  it('[L-2] has no credentials', () => {
    const property = fc.property(anyTarget, (target) => {
      // A space ends the target of a request.
      const clean = cleanLocation(target.replaceAll(' ', ''));
      if (clean === undefined) return;
      const names = [...new URL(clean, MUSEUM).searchParams.keys()];
      expect(names.filter((name) => CREDENTIAL.test(name))).toEqual([]);
    });
    fc.assert(property, RUNS);
  });

  it('[L-2] keeps every other parameter to the letter and in order', () => {
    const property = fc.property(anyPairs, (pairs) => {
      const kept = pairs.filter(({ isCredential }) => !isCredential).map(({ pair }) => pair);
      const target = `/louvre?${pairs.map(({ pair }) => pair).join('&')}`;
      expect(cleanLocation(target)).toBe(kept.length > 0 ? `./louvre?${kept.join('&')}` : './louvre');
    });
    fc.assert(property, RUNS);
  });
});

interface AnyPair {
  readonly pair: string;
  readonly isCredential: boolean;
}

/** What a query can consist of: no border of pairs or of the query, nothing that the target may not have. */
const anyRaw = textOf('=', '%20', '+', '%', '%C3%A9', 'é', '[', ']', '?', 'uuid', '=uuid', ';', '"').map(
  (text) => text.replaceAll(/[&# \\\p{Cc}]/gu, ''),
);

/** A name of a credential in one of its spellings, each of its letters perhaps encoded. */
const anyCredentialName = fc
  .tuple(fc.constantFrom('uuid', 'password'), fc.array(fc.boolean(), { minLength: 1 }))
  .map(([name, encoded]) =>
    name
      .split('')
      .map((letter, at) => (encoded[at % encoded.length] ? `%${letter.charCodeAt(0).toString(16)}` : letter))
      .join(''),
  );

const anyShownPair: Arbitrary<AnyPair> = fc
  .tuple(anyCredentialName, fc.constantFrom('', '[', '%5B', '[]', '[x]'), fc.constantFrom('', '='), anyRaw)
  .map(([name, nesting, equals, value]) => ({
    pair: name + nesting + equals + (nesting || equals ? value : ''),
    isCredential: true,
  }));

const anyOtherPair: Arbitrary<AnyPair> = fc
  .tuple(fc.constantFrom('page', 'UUID', 'uuids', 'xuuid', '=', '%', '[uuid]'), anyRaw)
  .map(([name, value]) => ({ pair: name + value, isCredential: false }));

const anyPairs = fc
  .tuple(fc.array(anyShownPair, { maxLength: 4 }), fc.array(anyOtherPair, { maxLength: 5 }))
  .chain(([shown, others]) => inAnyOrder([...shown, ...others]));
