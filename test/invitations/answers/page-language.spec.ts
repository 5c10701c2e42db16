import { All, Controller, Get, type INestApplication, UseInterceptors } from '@nestjs/common';
import {
  type ConfirmPageContext,
  InvitationRequired,
  type PageContext,
  StampInvitation,
  TicketBusyError,
} from 'nestjs-ticketoffice';
import type { ServerResponse } from 'node:http';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../lib/invitations/answers/languages/languages.js';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';
import { ask, authorization, BROWSER, cookieOf, queryOf, type WholeAnswer } from '../ask.js';

@Controller()
class RoomsController {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  louvre() {
    return 'Welcome';
  }

  @All('busy')
  @InvitationRequired('louvre', 'visit')
  busy() {
    throw new TicketBusyError();
  }

  @Get('report/:id')
  @InvitationRequired('report/:id', 'download')
  report() {
    return 'Welcome';
  }
}

const controllers = [RoomsController];

/** The lines of a header, as the server has sent them, and their values. */
const valuesOf = ({ lines }: WholeAnswer, name: string): string[] =>
  lines.flatMap((line) =>
    line.toLowerCase().startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : [],
  );

const inLanguage = (language: string) => ({ ...BROWSER, 'Accept-Language': language });

/** What a browser of this language is shown: each of the pages. */
async function pagesIn(museum: Museum, language: string) {
  const headers = inLanguage(language);
  const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
  const opened = await ask(museum.app, `/louvre?${queryOf(credentials)}`, { headers });
  expect(opened.status).toBe(303);
  const confirm = await ask(museum.app, '/louvre', { headers: { ...headers, Cookie: cookieOf(opened) } });
  const busy = await ask(museum.app, '/busy', { headers: { ...headers, ...authorization(credentials) } });
  await museum.tickets.revoke(credentials.uuid);
  const revoked = await ask(museum.app, `/louvre?${queryOf(credentials)}`, { headers });
  const missing = await ask(museum.app, '/louvre', { headers });
  return { confirm, busy, revoked, missing };
}

const STATUSES = { confirm: 200, busy: 409, revoked: 403, missing: 401 };

eachAdapter('a built-in page', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers });
  });

  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    "is in its guest's language, and says so: %s",
    async (tag, language) => {
      const pages = await pagesIn(museum, `${tag},x-klingon;q=0.9,en;q=0.1`);
      for (const [name, page] of Object.entries(pages)) {
        expect(page.status, name).toBe(STATUSES[name as keyof typeof STATUSES]);
        expect(page.headers['content-type'], name).toBe('text/html; charset=utf-8');
        expect(page.body, name).toContain(`<html lang="${tag}">`);
        expect(valuesOf(page, 'content-language'), name).toEqual([tag]);
        expect(valuesOf(page, 'vary'), name).toEqual(['Accept-Language']);
      }
      expect(pages.confirm.body).toContain(`<button>${language.confirm.button}</button>`);
      expect(pages.busy.body).toContain(language.refusals.TICKET_BUSY.message);
      expect(pages.busy.headers.refresh).toBe('1');
      expect(pages.revoked.body).toContain(language.refusals.TICKET_REVOKED.message);
      expect(pages.missing.body).toContain(language.refusals.TICKET_MISSING.title);
    },
  );

  it('is English for a guest who says nothing, or asks for another language', async () => {
    for (const headers of [BROWSER, inLanguage('sv'), inLanguage('a,'.repeat(4_000))])
      expect((await ask(museum.app, '/louvre', { headers })).body).toContain('<html lang="en">');
  });

  it('is what the language decides, and neither a redirect nor JSON, whose messages are English', async () => {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const redirect = await ask(museum.app, `/louvre?${queryOf(credentials)}`, { headers: inLanguage('fr') });
    const json = await ask(museum.app, '/louvre', {
      headers: { ...inLanguage('fr'), Accept: 'application/json' },
    });
    expect(JSON.parse(json.body)).toMatchObject({ message: 'A link or a code is needed here.' });
    for (const answer of [redirect, json])
      for (const name of ['vary', 'content-language']) expect(valuesOf(answer, name)).toEqual([]);
  });
});

eachAdapter('a built-in page after the headers of the app', (adapter) => {
  const varies = async (own: string | string[]) => {
    const before = (app: INestApplication) =>
      app.use((_: unknown, response: ServerResponse, next: () => void) => {
        response.setHeader('Vary', own);
        response.setHeader('Content-Language', 'en');
        next();
      });
    const museum = await startApp(adapter, anyDatabase, { controllers, before });
    return ask(museum.app, '/louvre', { headers: inLanguage('fr') });
  };

  it.each([
    ['Origin', ['Origin', 'Accept-Language']],
    [
      ['Origin', 'Cookie'],
      ['Origin', 'Cookie', 'Accept-Language'],
    ],
    ['Origin, Cookie', ['Origin', 'Cookie', 'Accept-Language']],
    ['Cookie, accept-language', ['Cookie', 'accept-language']],
    [
      ['Accept-Language', 'Origin'],
      ['Accept-Language', 'Origin'],
    ],
    ['*', ['*']],
  ])('varies by the language, once, and by all that it varied by: %j', async (own, expected) => {
    const answer = await varies(own);
    expect(valuesOf(answer, 'vary').flatMap((value) => value.split(', '))).toEqual(expected);
    expect(valuesOf(answer, 'content-language')).toEqual(['fr']);
  });
});

eachAdapter('a page of the app', (adapter) => {
  const seen: (PageContext | ConfirmPageContext)[] = [];
  const note = (page: PageContext | ConfirmPageContext) => (seen.push(page), `<p>${page.language}</p>`);
  let museum: Museum;
  beforeAll(async () => {
    const options = { pages: { unauthorized: note, forbidden: note, confirm: note } };
    museum = await startApp(adapter, anyDatabase, { controllers, options });
  });
  beforeEach(() => {
    seen.length = 0;
  });

  it('is handed the code, the place, the purpose and the language', async () => {
    const pages = await pagesIn(museum, 'sv, zh-TW;q=0.9');
    const scope = { place: 'louvre', purpose: 'visit', language: 'zh-Hans' };
    expect(seen).toEqual([
      expect.objectContaining({ code: 'TICKET_CONFIRM', status: 200, ...scope }),
      expect.objectContaining({ code: 'TICKET_BUSY', status: 409, ...scope }),
      expect.objectContaining({ code: 'TICKET_REVOKED', status: 403, ...scope }),
      expect.objectContaining({ code: 'TICKET_MISSING', status: 401, ...scope }),
    ]);
    for (const page of Object.values(pages)) {
      expect(page.body).toBe('<p>zh-Hans</p>');
      // It was handed the language; which one it is in, only the app knows.
      expect(valuesOf(page, 'vary')).toEqual(['Accept-Language']);
      expect(valuesOf(page, 'content-language')).toEqual([]);
    }
  });

  it('is handed the place as the request fills it', async () => {
    await ask(museum.app, '/report/%3Cb%3E', { headers: BROWSER });
    expect(seen).toMatchObject([{ place: 'report/%3Cb%3E', purpose: 'download', language: 'en' }]);
  });

  it('is handed neither place nor purpose where no ticket can be for the address', async () => {
    await ask(museum.app, `/report/${'%3C'.repeat(50)}`, { headers: BROWSER });
    expect(seen).toEqual([expect.objectContaining({ code: 'TICKET_MISSING' })]);
    expect(seen[0]).not.toHaveProperty('place', expect.anything());
    expect(seen[0]).not.toHaveProperty('purpose', expect.anything());
  });
});

describe('the code of a page', () => {
  it('is typed: a text for each is a text for all', () => {
    const texts: Record<PageContext['code'], string> = {
      TICKET_MISSING: '',
      TICKET_INVALID: '',
      TICKET_USED: '',
      TICKET_EXPIRED: '',
      TICKET_REVOKED: '',
      TICKET_BUSY: '',
      TICKET_OFFICE_BUSY: '',
    };
    // @ts-expect-error -- no guest gets it
    expect(texts.TICKET_LOCKED).toBeUndefined();
  });
});
