import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_PARAMETERS } from '../../lib/tickets/credential.parameters.js';
import { type CredentialsLike, readCredentials } from '../../lib/tickets/credentials.js';
import { link as linkBelow } from '../../lib/tickets/link.js';
import { TicketInputError } from '../../lib/tickets/ticket.errors.js';
import { anyPassword, anyUuid, RUNS, textOf } from '../support/anything.js';

const link = (baseUrl: string | undefined, path: string, issued: CredentialsLike) =>
  linkBelow(baseUrl, path, issued, DEFAULT_PARAMETERS);

const anyBase = fc.constantFrom(
  'https://museum.example',
  'https://museum.example/',
  'https://museum.example/app',
  'https://museum.example/a%20b/c//',
  'http://[::1]:3000/app',
);

/** What could lead elsewhere than below the base, or hide a parameter. */
const anyPath = fc
  .tuple(
    fc.constantFrom('', '/', '/', '/', '//', '/\\'),
    textOf(
      ...['/', '\\', '.', '..', '%2e', '/../', '%2f', '\t', '\r\n', ' ', '@', ':', 'evil.example', 'app'],
      ...['?', '&', '=', '#', 'uuid', 'password', '%75uid', 'uuid[', '%', '+', 'a'],
    ),
  )
  .map((parts) => parts.join(''));

const anyCredentials = fc.record({ uuid: anyUuid, password: anyPassword });

/** The link; `undefined` where there is none to such a path. */
function linked(...given: Parameters<typeof link>): string | undefined {
  try {
    return link(...given);
  } catch (error) {
    expect(error).toBeInstanceOf(TicketInputError);
    return undefined;
  }
}

it('[L-10] leads below baseUrl, whatever the path is, or is refused', () => {
  const property = fc.property(anyBase, anyPath, anyCredentials, (base, path, credentials) => {
    const href = linked(base, path, credentials);
    if (href === undefined) return;
    const [url, below] = [new URL(href), new URL(base)];
    expect(url.origin).toBe(below.origin);
    expect(url.pathname.startsWith(`${below.pathname.replace(/\/+$/, '')}/`)).toBe(true);
    expect(href).not.toMatch(/[\\\p{Cc} ]/u);
  });
  fc.assert(property, RUNS);
});

it('[L-2] keeps query and hash of any path to the letter, and adds nothing but the credentials, once', () => {
  const property = fc.property(anyBase, anyPath, anyCredentials, (base, path, credentials) => {
    const href = linked(base, path, credentials);
    if (href === undefined) return;
    const [url, alone] = [new URL(href), new URL(base.replace(/\/+$/, '') + path)];
    expect(url.hash).toBe(alone.hash);
    expect(url.search.startsWith(alone.search)).toBe(true);
    const own = [...alone.searchParams];
    expect([...url.searchParams]).toEqual([...own, ...Object.entries(credentials)]);
  });
  fc.assert(property, RUNS);
});

it('can be read back, whatever the password is', () => {
  const property = fc.property(anyBase, anyCredentials, (base, credentials) => {
    const { searchParams } = new URL(link(base, '/louvre?a=1#map', credentials));
    const { a, ...shown } = Object.fromEntries(searchParams);
    expect(a).toBe('1');
    expect(readCredentials(shown)).toEqual(readCredentials(credentials));
    expect(shown).toEqual(credentials);
  });
  fc.assert(property, RUNS);
});
