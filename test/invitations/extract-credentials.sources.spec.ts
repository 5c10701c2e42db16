import { describe, expect, it } from 'vitest';
import type { GuestRequest } from '../../lib/invitations/guest-request.js';
import { DEFAULT_PARAMETERS } from '../../lib/tickets/credential.parameters.js';
import { readCredentials } from '../../lib/tickets/credentials.js';
import { extractCredentials } from '../../lib/invitations/extract-credentials.js';

const UUID = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const PAIR = { uuid: UUID, password: 'Paris' };
const allowing = { place: 'louvre', purpose: 'visit', credentials: ['body'] } as const;

const requestWith = (parts: Partial<GuestRequest>): GuestRequest => ({
  method: 'POST',
  originalUrl: '/louvre',
  headers: {},
  protocol: 'http',
  ...parts,
});
const read = (parts: Partial<GuestRequest>) =>
  extractCredentials(requestWith(parts), allowing, DEFAULT_PARAMETERS);

describe('Credentials are shown', () => {
  it.each([undefined, null, 'uuid=a&password=b', 42, true, []])('by no body such as %j', (body) => {
    expect(read({ body })).toBeUndefined();
  });

  it('by a body, and it is said where they come from', () => {
    expect(read({ body: PAIR })).toEqual({ credentials: PAIR, from: 'body' });
  });

  it('by a target’s query, up to its fragment', () => {
    const originalUrl = `/louvre?uuid=${UUID}&password=Paris#map`;
    expect(read({ originalUrl })).toEqual({ credentials: PAIR, from: 'query' });
    expect(read({ originalUrl: `/uuid=${UUID}&password=Paris` })).toBeUndefined();
  });

  it('[C-1] by nothing that counts, when in two places at once', () => {
    const originalUrl = `/louvre?uuid=${UUID}&password=Paris`;
    expect(read({ originalUrl, body: PAIR })).toEqual({ credentials: {}, from: 'query' });
  });

  it('[C-4] among as many as a thousand parameters of a query, and no more', () => {
    const queryOf = (others: number) => `/louvre?uuid=${UUID}&${'a&'.repeat(others)}password=Paris`;
    expect(read({ originalUrl: queryOf(998) })?.credentials).toEqual(PAIR);
    expect(read({ originalUrl: queryOf(999) })?.credentials).toEqual({});
  });

  it.each([
    ['a large body', { 'content-length': '16385' }],
    ['a body of a length that nobody says', {}],
    ['a body in chunks', { 'transfer-encoding': 'chunked' }],
    ['a compressed body', { 'content-encoding': 'gzip', 'content-length': '1000' }],
  ])('[F-15] by two fields, of which alone %s is asked', (_, headers) => {
    const asked: unknown[] = [];
    const watch = (fields: object) =>
      new Proxy(fields, {
        ownKeys: () => expect.fail('all fields were listed'),
        getOwnPropertyDescriptor: (target, name) => (
          asked.push(name),
          Reflect.getOwnPropertyDescriptor(target, name)
        ),
      });
    expect(read({ body: watch({ ...PAIR, other: 1 }), headers })?.credentials).toEqual(PAIR);
    expect(asked).toEqual(['uuid', 'password']);
    expect(read({ body: watch(Object.assign([0, 0], PAIR)), headers })).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['an array', []],
    ['an object', { x: 1 }],
  ])('[C-2] by nothing that counts, nor that is the app’s own, where one of them is %s', (_, value) => {
    for (const body of [{ uuid: value }, { password: value }, { uuid: UUID, password: value }])
      expect(readCredentials(read({ body })!.credentials)).toBeUndefined();
    expect(read({ body: { uuid: value } })?.isHalf).not.toBe(true);
  });

  it.each([
    [{ body: { uuid: '42' } }, true],
    [{ body: { password: 42 } }, true],
    [{ body: { uuid: '' } }, true],
    [{ originalUrl: '/louvre?uuid=42&page=2' }, true],
    [{ originalUrl: '/louvre?password' }, true],
    [{ originalUrl: '/louvre?%75uid=42' }, true],
    [{ body: PAIR }, false],
    [{ originalUrl: '/louvre?uuid=42&uuid=42' }, false],
    [{ originalUrl: '/louvre?uuid[]=42' }, false],
    [{ originalUrl: '/louvre?uuid[x]=42&password=1' }, false],
    [{ originalUrl: '/louvre?uuid=42', body: { password: 'x' } }, false],
    [{ headers: { authorization: `Ticket ${UUID}` } }, false],
    [{ body: { 'uuid[x]': 1, password: 'x' }, headers: { 'content-length': '9' } }, false],
  ])('[F-17] by a half, or not: %j', (parts, isHalf) => {
    expect(read(parts)?.isHalf ?? false).toBe(isHalf);
  });

  it.each([
    [`Ticket ${UUID}:Paris`, PAIR],
    [`ticket   ${UUID}:Paris`, PAIR],
    [`TICKET ${UUID}:a:b\tc`, { uuid: UUID, password: 'a:b\tc' }],
    [`Ticket ${UUID}:two\nlines`, { uuid: UUID, password: 'two\nlines' }],
    ['Ticket', { uuid: undefined, password: undefined }],
    [`Ticket ${UUID}`, { uuid: undefined, password: undefined }],
  ])('by the header %j', (authorization, credentials) => {
    const shown = { credentials, from: 'header' };
    expect(read({ headers: { authorization } })).toEqual(shown);
    expect(read({ rawHeaders: ['Host', 'x', 'AUTHORIZATION', authorization] })).toEqual(shown);
  });

  it('[C-4] by nothing that counts in a header of spaces, which takes no longer to read than any other', () => {
    // What took longer for each pair of spaces would not end in a test's time.
    const authorization = `Ticket${' '.repeat(200_000)}x`;
    expect(read({ headers: { authorization } })).toEqual({ credentials: {}, from: 'header' });
    const fitting = `Ticket${' '.repeat(200_000)}${UUID}:Paris`;
    expect(read({ headers: { authorization: fitting } })?.credentials).toEqual(PAIR);
  });

  it.each([`Bearer ticket ${UUID}:Paris`, `Ticketed ${UUID}:Paris`, `x Ticket ${UUID}:Paris`, ''])(
    'by no header such as %j',
    (authorization) => {
      expect(read({ headers: { authorization } })).toBeUndefined();
    },
  );
});
