import { Controller, Get, Query } from '@nestjs/common';
import fc from 'fast-check';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractCredentials } from '../../lib/invitations/extract-credentials.js';
import { cleanLocation } from '../../lib/invitations/request-target.js';
import { DEFAULT_PARAMETERS, isCredential } from '../../lib/tickets/credential.parameters.js';
import { readCredentials } from '../../lib/tickets/credentials.js';
import { link } from '../../lib/tickets/link.js';
import { eachAdapter } from '../support/adapters.js';
import { anyPassword, anyUuid, RUNS } from '../support/anything.js';
import { anyDatabase, type Museum, startApp } from '../support/app.js';
import { guestRequest } from '../support/guest-requests.js';
import { ask, cookieOf, follow } from './ask.js';
import { MAIL_REWRITES } from './mail-rewrites.js';

const PASSWORDS = [
  'a+b c',
  '1+1=2',
  'Vive la France!',
  '50% & more',
  '🗼🥖',
  'Is it (really) *me*?',
  '_so_ ~ what...',
  'a&amp;b',
  'Mot de passe : été',
  "l'été,",
  '<b>"x"</b>',
  '- -- _',
];
const REQUIRED = { place: 'louvre', purpose: 'visit', credentials: [] } as const;

const targetOf = (href: string): string => {
  const { pathname, search } = new URL(href);
  return pathname + search;
};

const rewritten = (href: string, names: readonly string[]): string =>
  names.reduce((changed, name) => MAIL_REWRITES[name]!(changed), href);

const readFrom = (target: string) =>
  readCredentials(extractCredentials(guestRequest({ target }), REQUIRED, DEFAULT_PARAMETERS)?.credentials);

describe('A link', () => {
  const anyHumanPassword = fc.oneof(fc.constantFrom(...PASSWORDS, `tkt_${'-'.repeat(43)}`), anyPassword);
  const anyRewrites = fc.array(fc.constantFrom(...Object.keys(MAIL_REWRITES)), { maxLength: 6 });

  it('[F-12] opens the same ticket, and leads to the same address, whatever mail has made of it', () => {
    const property = fc.property(anyUuid, anyHumanPassword, anyRewrites, (uuid, password, names) => {
      const issued = { uuid, password };
      const href = link('https://museum.example', '/louvre?page=2&of=a%20b', issued, DEFAULT_PARAMETERS);
      const target = targetOf(rewritten(href, names));
      expect(readFrom(target)).toEqual(readCredentials(issued));
      const clean = cleanLocation(target, (name) => isCredential(name, DEFAULT_PARAMETERS))!;
      const { searchParams, pathname } = new URL(clean, 'https://museum.example');
      expect([pathname, searchParams.get('page'), searchParams.get('of')]).toEqual(['/louvre', '2', 'a b']);
      expect([...searchParams.keys()].every((name) => /^(page|of|utm_\w+|fbclid)$/.test(name))).toBe(true);
    });
    fc.assert(property, RUNS);
  });

  it('[F-12] is one that no finder of links cuts or rewrites, and is plain to read', () => {
    const property = fc.property(anyUuid, anyHumanPassword, (uuid, password) => {
      const href = link('https://museum.example', '/louvre', { uuid, password }, DEFAULT_PARAMETERS);
      expect(href).toMatch(
        /^https:\/\/museum\.example\/louvre\?uuid=[0-9a-f-]{36}&password=[A-Za-z0-9%_-]+$/,
      );
      expect(href).toMatch(/[A-Za-z0-9]$/);
      expect(new URL(href).searchParams.get('password')).toBe(password);
    });
    fc.assert(property, RUNS);
  });
});

@Controller()
class LouvreController {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(@Query() query: object) {
    return { ...query };
  }
}

eachAdapter('A link that mail has rewritten', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    const options = { argon2: { memoryCost: 7168, timeCost: 5, parallelism: 1 } };
    museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController], options });
  });

  it.each([
    [],
    ['the & of HTML in plain text'],
    ['the & of HTML in plain text', 'the & of HTML in plain text', 'a plus without its escape'],
    ['a blank as a plus', 'escapes in lower case', 'a parameter added at the end'],
    ['letters and digits escaped', 'the same, its semicolon encoded', 'a fragment'],
    ['harmless characters without their escapes', 'a parameter added in front', 'a plus as a blank'],
  ])('[F-12] opens: %s %s %s', async (...names) => {
    // The property above draws from all of them.
    for (const password of [undefined, ...PASSWORDS.slice(0, 3)]) {
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit', password });
      const href = museum.tickets.url('/louvre?page=2&of=a%20b', credentials);
      const target = targetOf(
        rewritten(
          href,
          names.filter((name) => name !== undefined),
        ),
      );
      const opened = await ask(museum.app, target);
      expect(opened.status, target).toBe(303);
      const headers = { Cookie: cookieOf(opened) };
      const answer = await ask(museum.app, follow(target, opened.headers.location!), { headers });
      expect(JSON.parse(answer.body)).toMatchObject({ page: '2', of: 'a b' });
    }
  });

  it('[F-12] [G-1] opens by a password in which + and blank have changed places, wherever it is shown', async () => {
    const { credentials } = await museum.tickets.issue({
      place: 'louvre',
      purpose: 'visit',
      password: 'a+b c',
    });
    const { uuid } = credentials;
    for (const password of ['a+b c', 'a b+c', 'a b c', 'a+b+c']) {
      await museum.tickets.authenticate({ uuid, password }, 'louvre', 'visit');
      const Authorization = `Ticket ${uuid}:${password}`;
      expect((await ask(museum.app, '/louvre', { headers: { Authorization } })).status).toBe(200);
    }
    for (const password of ['a+b c ', 'ab c', 'a  b c', 'a-b c'])
      await expect(museum.tickets.authenticate({ uuid, password }, 'louvre', 'visit')).rejects.toThrow();
  });
});
