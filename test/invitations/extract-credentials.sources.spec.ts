import { describe, expect, it } from 'vitest';
import type { GuestRequest } from '../../lib/invitations/guest-request.js';
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
const read = (parts: Partial<GuestRequest>) => extractCredentials(requestWith(parts), allowing);

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

  it('[C-4] among as many as a thousand fields, and no more', () => {
    const others = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, number) => [`field${number}`, 'x']));
    expect(read({ body: { ...PAIR, ...others(998) } })?.credentials).toEqual(PAIR);
    expect(read({ body: { ...PAIR, ...others(999) } })?.credentials).toEqual({});
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
