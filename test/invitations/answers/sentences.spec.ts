import {
  CredentialsError,
  NoTicketError,
  TicketBusyError,
  TicketExpiredError,
  TicketOfficeBusyError,
  TicketRevokedError,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { refusalFor } from '../../../lib/invitations/answers/answer.table.js';
import { builtInConfirm, builtInRefusal } from '../../../lib/invitations/answers/built-in-pages.js';
import type { SentencesName } from '../../../lib/invitations/answers/languages/language.js';
import { LANGUAGES } from '../../../lib/invitations/answers/languages/languages.js';
import { CrossSiteError } from '../../../lib/invitations/cross-site.js';

const AT = new Date('2026-01-01T00:00:00Z');
const ERRORS = [
  new NoTicketError(),
  new CredentialsError(),
  new CrossSiteError(),
  new TicketUsedError(AT),
  new TicketExpiredError(AT),
  new TicketRevokedError(AT),
  new TicketBusyError(),
  new TicketBusyError('This was begun, and has not been finished.', { claimedAt: AT }),
  new TicketOfficeBusyError(),
];

/** What no sentence may contain: guests hold a link, an invitation or a code. */
const TICKET: Record<string, RegExp> = {
  en: /ticket/i,
  fr: /ticket|billet/i,
  de: /ticket|karte\b|karten\b/i,
  es: /ticket|boleto|entrada|billete/i,
  it: /ticket|bigliett/i,
  pt: /ticket|bilhete|ingresso/i,
  nl: /ticket|kaartje/i,
  pl: /ticket|bilet/i,
  ja: /ticket|チケット|切符|入場券/i,
  'zh-Hans': /ticket|票|门票/i,
};
/** Of one use of tickets, or of another, as an app for anything cannot say it. */
const ONE_USE =
  /invit|person who|einlad|einge?laden|convid|uitno|zapros|招待|邀请|password|passwor|mot de passe/i;

/** What a reader reads of a page, its title included. */
const wordsOf = (html: string): string => html.replace(/<style>.*?<\/style>/gs, '').replace(/<[^>]*>/g, ' ');

const confirmPage = (language: (typeof LANGUAGES)[number]) =>
  builtInConfirm({ fields: [{ name: 'page', value: '<2>' }] }, language);

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  'What guests read (%s)',
  (tag, language) => {
    const pages = ERRORS.map((error) => {
      const { sentences, instant } = refusalFor(error)!;
      return { error, sentences, html: builtInRefusal(sentences, instant, language) };
    });
    const texts = Object.entries({ ...language.refusals, confirm: language.confirm }).flatMap(
      ([name, sentences]) =>
        Object.entries(sentences as Record<string, string>).map(
          ([part, text]) => [`${name}.${part}`, text] as const,
        ),
    );

    it('has sentences for every error that guests get', () => {
      const [english] = LANGUAGES;
      const names = (of: typeof language) =>
        Object.entries(of.refusals).map(([name, sentences]) => [name, Object.keys(sentences).toSorted()]);
      expect(names(language)).toEqual(names(english));
      expect(new Set(pages.map(({ sentences }) => sentences))).toEqual(
        new Set(Object.keys(english.refusals)),
      );
      for (const [name, text] of texts) expect(text.trim().length, name).toBeGreaterThan(1);
    });

    it('names no ticket, and nothing that fits one use only', () => {
      for (const html of [...pages.map((page) => page.html), confirmPage(language)]) {
        expect(wordsOf(html)).not.toMatch(TICKET[tag]!);
        expect(wordsOf(html)).not.toMatch(ONE_USE);
      }
    });

    it('is plain text without control characters, markup, straight quotes, and blanks that a browser drops', () => {
      for (const [name, text] of texts) {
        expect(text, name).not.toMatch(/[\p{Cc}\p{Cf}<>&"]|^\s|\s$| {2}/u);
        if (tag !== 'en') expect(text, name).not.toMatch(/'/);
      }
    });

    it('has the instant where there is one, and no hole elsewhere', () => {
      const withInstant = new Set<SentencesName>([
        'TICKET_USED',
        'TICKET_EXPIRED',
        'TICKET_REVOKED',
        'unfinished',
      ]);
      for (const { sentences, html } of pages) {
        expect(html.match(/<time datetime="2026-01-01T00:00:00.000Z">/g)?.length, sentences).toBe(
          withInstant.has(sentences) ? 1 : undefined,
        );
        expect(html).not.toMatch(/[{}](?![^<]*<\/style>)/);
      }
    });

    it('says its language', () => {
      for (const html of [...pages.map((page) => page.html), confirmPage(language)])
        expect(html).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${tag}">`));
    });

    it('sets its punctuation as its readers do', () => {
      const joined = texts.map(([, text]) => text).join('\n');
      if (['ja', 'zh-Hans'].includes(tag)) expect(joined).not.toMatch(/[.,:;!?]/);
      else expect(joined).not.toMatch(/[。、，：；！？]/);
      if (tag === 'fr') expect(joined).not.toMatch(/[^\u00a0\u202f][:;!?]/);
      if (tag === 'es') expect(joined.match(/[?!]/g)?.length).toBe(joined.match(/[¿¡]/g)?.length);
    });

    it.runIf(tag !== 'en')('is in no sentence English', () => {
      const [english] = LANGUAGES;
      const sentences = [...Object.values(english.refusals), english.confirm].flatMap((one) =>
        Object.values(one),
      );
      for (const [name, text] of texts) {
        expect(sentences, name).not.toContain(text);
        expect(text, name).not.toMatch(/\b(the|you|this|again|please|ask)\b/i);
      }
    });
  },
);

describe('What guests read', () => {
  it.each(ERRORS.map((error) => [error.name, error] as const))(
    'in JSON is English, as on the English page: %s',
    (_, error) => {
      const { exception, sentences, instant } = refusalFor(error)!;
      const { message } = exception.getResponse() as { message: string };
      expect(message).not.toMatch(/ticket/i);
      expect(builtInRefusal(sentences, instant, LANGUAGES[0])).toContain(message);
    },
  );

  it('has a pattern for its word for a ticket, in each language', () => {
    expect(Object.keys(TICKET)).toEqual(LANGUAGES.map(({ tag }) => tag));
  });

  it('is without the sentence on an instant that an error does not have', () => {
    const html = builtInRefusal('TICKET_USED', undefined, LANGUAGES[0]);
    expect(wordsOf(html)).not.toContain('That was on');
    expect(html.match(/<p>/g)).toHaveLength(1);
  });
});
