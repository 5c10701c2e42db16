import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractCredentials } from '../../lib/invitations/extract-credentials.js';
import { DEFAULT_PARAMETERS } from '../../lib/tickets/credential.parameters.js';
import { canonicalPassword, canonicalUuid, readCredentials } from '../../lib/tickets/credentials.js';
import { anyPassword, anyText, anyUuid, inAnyOrder, RUNS, textOf } from '../support/anything.js';
import { guestRequest, type ShownParts } from '../support/guest-requests.js';

type Pair = [name: string, value: string];

const requirement = { place: 'louvre', purpose: 'visit', credentials: ['body'] } as const;
const shownBy = (parts: ShownParts) =>
  extractCredentials(guestRequest(parts), requirement, DEFAULT_PARAMETERS);

/** What the guest is taken for: `undefined` when nothing is shown, `wrong`, or whose credentials they are. */
function readBy(parts: ShownParts) {
  const shown = shownBy(parts);
  return shown && (readCredentials(shown.credentials) ?? 'wrong');
}

const bytesOf = (header: string): string => Buffer.from(header, 'utf8').toString('latin1');
const queryOf = (pairs: Pair[]): string => `/louvre?${new URLSearchParams(pairs).toString()}`;

/** Names that nest under some parser or other, and the two themselves. */
const anyCredentialName = fc
  .tuple(fc.constantFrom('uuid', 'password'), fc.constantFrom('', '[', '[]', '[x]', '[0][uuid]'), anyText)
  .map(([name, nesting, text]) => (nesting === '' ? name : name + nesting + text));

const anyOthers: Arbitrary<Pair[]> = fc
  .array(fc.tuple(textOf('a', 'uuid', 'password', '[uuid]', 'UUID', '%', '&', ' '), anyText), {
    maxLength: 5,
  })
  .map((pairs) => pairs.filter(([name]) => !/^(uuid|password)(\[|$)/.test(name)));

const anyCredentials = fc.record({ uuid: anyUuid, password: anyPassword });
const expected = ({ uuid, password }: { uuid: string; password: string }) => ({
  uuid,
  password: canonicalPassword(password),
});

describe('What a request shows', () => {
  const anyTarget = textOf('/', '?', '&', '=', '#', 'uuid', 'password', '%75uid', '[', ']', '%', ';', '+');
  const anyHeader = textOf('Ticket', 'ticket ', ' ', '\t', ':', 'Basic ', bytesOf('é'), '\xff');
  const anyParts: Arbitrary<ShownParts> = fc.record(
    {
      target: fc.oneof(
        anyTarget,
        anyCredentials.map((shown) => queryOf(Object.entries(shown))),
      ),
      authorization: fc.array(anyHeader, { maxLength: 3 }),
      body: fc.oneof(fc.anything(), anyCredentials),
    },
    { requiredKeys: [] },
  );

  it('[C-2] [C-8] is nothing, or wrong, or a canonical pair, whatever comes in query, header and body', () => {
    const property = fc.property(anyParts, (parts) => {
      const read = readBy(parts);
      if (read === undefined || read === 'wrong') return;
      expect(read).toEqual({ uuid: canonicalUuid(read.uuid), password: canonicalPassword(read.password) });
    });
    fc.assert(property, RUNS);
  });

  it('[C-6] is what URLSearchParams has written, in any order and among others', () => {
    const anyQuery = fc.tuple(anyCredentials, anyOthers).chain(([credentials, others]) =>
      inAnyOrder<Pair>([...Object.entries(credentials), ...others]).map((pairs) => ({
        credentials,
        pairs,
      })),
    );
    const property = fc.property(anyQuery, ({ credentials, pairs }) => {
      expect(readBy({ target: queryOf(pairs) })).toEqual(expected(credentials));
    });
    fc.assert(property, RUNS);
  });

  it('[C-6] is what the Authorization header says, to the letter, in any case and after any spaces', () => {
    const anyScheme = fc
      .tuple(fc.mixedCase(fc.constant('ticket')), fc.integer({ min: 1, max: 9 }))
      .map(([name, spaces]) => name + ' '.repeat(spaces));
    const property = fc.property(anyScheme, anyCredentials, (scheme, { uuid, password }) => {
      const authorization = [bytesOf(`${scheme}${uuid}:${password}`)];
      expect(readBy({ authorization })).toEqual(expected({ uuid, password }));
    });
    fc.assert(property, RUNS);
  });

  it('[C-6] is what stands in a body', () => {
    const property = fc.property(anyCredentials, anyOthers, (credentials, others) => {
      const body = { ...Object.fromEntries(others), ...credentials };
      expect(readBy({ body })).toEqual(expected(credentials));
    });
    fc.assert(property, RUNS);
  });
});

describe('Right credentials are wrong', () => {
  it('[C-1] [C-2] beside another parameter of their names, nested ones included, in any order', () => {
    const anyQuery = fc
      .tuple(anyCredentials, anyCredentialName, anyText, anyOthers)
      .chain(([credentials, name, value, others]) =>
        inAnyOrder<Pair>([...Object.entries(credentials), [name, value], ...others]),
      );
    const property = fc.property(anyQuery, (pairs) => {
      expect(readBy({ target: queryOf(pairs) })).toBe('wrong');
    });
    fc.assert(property, RUNS);
  });

  it('[C-2] beside a nested field in a body', () => {
    const anyNested = anyCredentialName.filter((name) => name.includes('['));
    const property = fc.property(anyCredentials, anyNested, fc.anything(), (credentials, name, value) => {
      expect(readBy({ body: { [name]: value, ...credentials } })).toBe('wrong');
    });
    fc.assert(property, RUNS);
  });

  it('[C-1] in two places at once, whatever is shown in the other one', () => {
    const anyPair = fc.tuple(anyCredentialName, anyText);
    const anyTwo = fc
      .record({
        target: fc.oneof(
          anyCredentials.map((shown) => queryOf(Object.entries(shown))),
          anyPair.map((pair) => queryOf([pair])),
        ),
        authorization: fc
          .oneof(
            anyCredentials.map(({ uuid, password }) => `${uuid}:${password}`),
            anyText,
          )
          .map((shown) => [bytesOf(`Ticket ${shown}`)]),
        body: fc.oneof(
          anyCredentials,
          anyPair.map((pair) => Object.fromEntries([pair])),
        ),
        left: fc.constantFrom('target', 'authorization', 'body', 'none'),
      })
      .map(({ left, ...parts }) => Object.assign(parts, { [left]: undefined }));
    const property = fc.property(anyTwo, (parts) => {
      expect(readBy(parts)).toBe('wrong');
    });
    fc.assert(property, RUNS);
  });

  it('[C-1] in two Authorization headers, whatever the other one says', () => {
    const property = fc.property(
      anyCredentials,
      anyText,
      fc.boolean(),
      ({ uuid, password }, other, first) => {
        const headers = [`Ticket ${uuid}:${password}`, `Ticket ${other}`].map(bytesOf);
        expect(readBy({ authorization: first ? headers : headers.toReversed() })).toBe('wrong');
      },
    );
    fc.assert(property, RUNS);
  });
});
