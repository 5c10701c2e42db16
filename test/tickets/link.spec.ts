import { type CredentialsLike, TicketInputError, TicketOfficeConfigurationError } from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { generateSecret } from '../../lib/tickets/secrets/secret.js';
import { Credentials } from '../../lib/tickets/credentials.js';
import { link as linkBelow } from '../../lib/tickets/link.js';
import { DEFAULT_PARAMETERS } from '../../lib/tickets/credential.parameters.js';
import { eachDatabase } from '../support/databases.js';
import { startOffice } from '../support/office.js';

const UUID = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const credentials = new Credentials(UUID, 'tkt_x-y_z');
const shown = `uuid=${UUID}&password=tkt_x-y_z`;
const BASE = 'https://museum.example';

const link = (baseUrl: string | undefined, path: string, issued: CredentialsLike) =>
  linkBelow(baseUrl, path, issued, DEFAULT_PARAMETERS);

describe('A link', () => {
  it.each([
    [BASE, '/louvre', `${BASE}/louvre?${shown}`],
    [BASE, '/', `${BASE}/?${shown}`],
    [`${BASE}/`, '/louvre', `${BASE}/louvre?${shown}`],
    [`${BASE}///`, '/louvre', `${BASE}/louvre?${shown}`],
    [`${BASE}/app`, '/louvre', `${BASE}/app/louvre?${shown}`],
    [`${BASE}/app/`, '/louvre', `${BASE}/app/louvre?${shown}`],
    [`${BASE}/app`, '/', `${BASE}/app/?${shown}`],
    ['http://localhost:3000', '/louvre', `http://localhost:3000/louvre?${shown}`],
    ['http://[::1]:3000', '/louvre', `http://[::1]:3000/louvre?${shown}`],
    ['HTTPS://Museum.Example', '/Louvre', `${BASE}/Louvre?${shown}`],
  ])('below %s to %s is %s', (baseUrl, path, url) => {
    expect(link(baseUrl, path, credentials)).toBe(url);
  });

  it.each([
    ['/louvre?page=2', `/louvre?page=2&${shown}`],
    ['/louvre?b=2&a=1&b=', `/louvre?b=2&a=1&b=&${shown}`],
    ['/louvre?q=a+b%20c&x', `/louvre?q=a+b%20c&x&${shown}`],
    ['/louvre#map', `/louvre?${shown}#map`],
    ['/louvre?a=1#map?uuid=x', `/louvre?a=1&${shown}#map?uuid=x`],
    ['/louvre?', `/louvre?${shown}`],
    ['/louvre?next=//evil.example', `/louvre?next=//evil.example&${shown}`],
    ['/l%20%C3%A9', `/l%20%C3%A9?${shown}`],
    ['/a//b', `/a//b?${shown}`],
    ['/a:b@c', `/a:b@c?${shown}`],
  ])('[L-2] keeps query and hash of the path %s', (path, url) => {
    expect(link(BASE, path, credentials)).toBe(BASE + url);
  });

  it('spells a generated secret as it is, for all that look for one, and ends with a letter or a digit', () => {
    for (let round = 0; round < 500; round += 1) {
      const secret = generateSecret();
      const href = link(BASE, '/louvre', new Credentials(UUID, secret));
      expect(href).toBe(`${BASE}/louvre?uuid=${UUID}&password=${secret}`);
      expect(href).toMatch(/[A-Za-z0-9]$/);
    }
  });

  it('can be read back whatever the password is', () => {
    for (const password of ['a&b=c#d', 'a+b c', 'é🗼', '%00', "' OR 1=1 --", '../..', ':@/?']) {
      const { searchParams, hash, pathname } = new URL(
        link(BASE, '/louvre', new Credentials(UUID, password)),
      );
      expect(Object.fromEntries(searchParams)).toEqual({ uuid: UUID, password });
      expect([hash, pathname]).toEqual(['', '/louvre']);
    }
  });

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    'https://evil.example',
    'http:evil.example',
    '@evil.example',
    '.evil.example',
    '',
    'louvre',
    ' /louvre',
    '	//evil.example',
    '/	/evil.example',
    '/louvre\r\nSet-Cookie: a=b',
    '/\0',
    '/a\\b',
    '/ab',
    '?a=1',
    '#a',
    ':8080/louvre',
  ])('[L-10] does not lead to %j', (path) => {
    expect(() => link(BASE, path, credentials)).toThrow(TicketInputError);
    expect(() => link(BASE, path, credentials)).toThrow(/path must start with one '\/'.*such as '\/louvre'/);
  });

  it.each([
    '/..',
    '/../',
    '/../admin',
    '/a/../../admin',
    '/%2e%2e/admin',
    '/.%2E/admin',
    '/./../admin',
    '/../app2',
  ])('[L-10] does not climb above baseUrl by %s', (path) => {
    expect(() => link(`${BASE}/app`, path, credentials)).toThrow(TicketInputError);
  });

  it.each(['/..//evil.example', '/.//evil.example', '/../..', '/a/..//evil.example/'])(
    '[L-10] stays on the host of baseUrl by %s',
    (path) => {
      expect(new URL(link(BASE, path, credentials)).host).toBe('museum.example');
    },
  );

  it.each(['uuid', 'password'])('[L-10] does not go to a path that has a %s already', (name) => {
    const hidden = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
    for (const query of [`${name}=`, name, `a=1&${name}=x`, `${hidden}=x`, `${name}=x#a`]) {
      expect(() => link(BASE, `/louvre?${query}`, credentials)).toThrow(TicketInputError);
      expect(() => link(BASE, `/louvre?${query}`, credentials)).toThrow(`'${name}'`);
    }
  });

  it.each([undefined, null, 42, {}, ['/louvre'], new URL(`${BASE}/louvre`)])(
    'does not go to %o, which is no path',
    (path) => {
      expect(() => link(BASE, path as string, credentials)).toThrow(TicketInputError);
    },
  );

  it.each([
    undefined,
    null,
    {},
    UUID,
    { uuid: UUID },
    { uuid: 'x', password: 'y' },
    { ticket: {}, credentials },
    { uuid: UUID, password: '' },
  ])('needs credentials, and %j are none', (given) => {
    expect(() => link(BASE, '/louvre', given as Credentials)).toThrow(TicketInputError);
    expect(() => link(BASE, '/louvre', given as Credentials)).toThrow(/credentials/);
  });

  it('shows no secret in an error', () => {
    try {
      link(BASE, '//evil', credentials);
    } catch (error) {
      expect((error as Error).message).not.toContain(credentials.password);
    }
    expect.assertions(1);
  });
});

eachDatabase('url()', (database) => {
  it('[L-3] needs the option baseUrl, and says so', async () => {
    const { tickets } = await startOffice(database, { baseUrl: undefined });
    const { credentials: issued } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
    expect(() => tickets.url('/louvre', issued)).toThrow(TicketOfficeConfigurationError);
    expect(() => tickets.url('/louvre', issued)).toThrow(/baseUrl, such as 'https:\/\/museum\.example'/);
  });

  it('makes a link whose credentials open the ticket', async () => {
    const { tickets } = await startOffice(database, { baseUrl: 'https://museum.example/app/' });
    for (const password of [undefined, 'é & 🗼 + %']) {
      const issued = await tickets.issue({ place: 'louvre', purpose: 'visit', password });
      const { searchParams } = new URL(tickets.url('/louvre', issued.credentials));
      const { uuid, password: secret } = Object.fromEntries(searchParams) as Record<string, string>;
      const ticket = await tickets.authenticate({ uuid: uuid!, password: secret! }, 'louvre', 'visit');
      expect(ticket.uuid).toBe(issued.ticket.uuid);
    }
  });

  it.each(['https://museum.example ', ' https://museum.example', 'https://museum.example/app\n'])(
    '[M-4] works below the baseUrl %j, unless that is refused at boot',
    async (baseUrl) => {
      const office = await startOffice(database, { baseUrl }).catch((error: unknown) => error as Error);
      if (office instanceof Error) expect(office).toBeInstanceOf(TicketOfficeConfigurationError);
      else expect(office.tickets.url('/louvre', credentials)).toBe(`${baseUrl.trim()}/louvre?${shown}`);
    },
  );
});
