import type { Ticket } from 'nestjs-ticketoffice';
import { authorization, cookieOf, follow } from '../invitations/ask.js';
import { formOf } from '../invitations/page.form.js';
import type { TestClock } from '../support/clock.js';
import { writeVisit } from '../support/visits.js';
import type { Gallery } from './gallery.js';

/** Where the flows take place. */
export interface Stage {
  readonly gallery: Gallery;
  /** The same with the app's own `passwordGenerator`. */
  readonly own: Gallery;
  readonly clock: TestClock;
  /** A secret that was never issued: a guest may have typed it in the belief that it was right. */
  readonly mistyped: (text: string) => string;
}

const HUMAN = 'I love Paris, ç’est “la canari”; & 100 %';
const html = { Accept: 'text/html' };
const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Everything that a password can be. */
const WISHES = {
  generated: undefined,
  human: HUMAN,
  digits: { digits: 24 },
  letters: { letters: 24 },
} as const;

/** An app and a password to ask it for: each kind, and what the app's own generator makes. */
const kindsOf = ({ gallery, own }: Stage) => [
  ...Object.values(WISHES).map((password) => ({ app: gallery, password })),
  { app: own, password: undefined },
];

/** What is done with tickets where nothing fails. */
export const flows: Record<string, (stage: Stage) => Promise<void>> = {
  async 'a link is opened, the pass shown, the ticket used, and shown again'(stage) {
    for (const { app, password } of kindsOf(stage)) {
      const { credentials } = await app.issue({ password });
      const link = app.target('/louvre?page=2', credentials);
      const opened = await app.ask(link);
      const cookie = { Cookie: cookieOf(opened) };
      await app.ask('/hall', { headers: cookie });
      await app.ask(link, { method: 'HEAD' });
      await app.ask(follow(link, opened.headers.location!), { headers: cookie });
      await app.ask(link, { headers: html });
      await app.ask(link);
      await app.ask('/hall', { headers: { ...cookie, ...html } });
    }
  },

  async 'a browser loads a link in advance, is asked to confirm, does, and is led there by another site'(
    stage,
  ) {
    for (const { app, password } of kindsOf(stage)) {
      const { credentials } = await app.issue({ password });
      const link = app.target('/louvre?page=2', credentials);
      await app.ask(link, { headers: { ...html, 'Sec-Purpose': 'prefetch' } });
      const opened = await app.ask(link, { headers: html });
      const browser = { Cookie: cookieOf(opened), ...html };
      const foreign = { ...browser, 'Sec-Fetch-Site': 'cross-site' };
      await app.ask('/louvre', { method: 'POST', headers: foreign });
      const location = follow(link, opened.headers.location!);
      const page = await app.ask(location, { headers: browser });
      const { target } = formOf(page.body, location);
      await app.ask(target, { headers: browser });
      await app.ask(target, { headers: browser });
    }
  },

  async 'credentials come in the header, the query of a POST, and a body'({ gallery }) {
    for (const password of Object.values(WISHES)) {
      const issued = async () => (await gallery.issue({ password })).credentials;
      const shown = await issued();
      await gallery.ask('/hall', { headers: authorization(shown) });
      await gallery.ask('/vault', { method: 'POST', headers: authorization(await issued()) });
      await gallery.ask(gallery.target('/louvre', await issued()), { method: 'POST' });
      const body = { uuid: shown.uuid, password: shown.password };
      await gallery.ask('/desk', { method: 'POST', headers: json, body: JSON.stringify(body) });
      await gallery.ask('/desk', {
        method: 'POST',
        headers: form,
        body: new URLSearchParams(body).toString(),
      });
      await gallery.ask('/louvre', { method: 'POST', headers: json, body: JSON.stringify(body) });
      await gallery.ask('/louvre', { method: 'POST', headers: authorization(shown) });
    }
  },

  async 'a ticket is given another secret, and both are shown'(stage) {
    for (const { app, password } of kindsOf(stage)) {
      const { credentials: old } = await app.issue({ password });
      const { headers } = await app.ask(app.target('/hall', old));
      const { credentials } = await app.reissue(old.uuid, { expiresIn: '1h' });
      await app.ask('/hall', { headers: { Cookie: cookieOf({ headers }) } });
      await app.ask('/hall', { headers: authorization(old) });
      await app.ask('/hall', { headers: authorization(credentials) });
    }
  },

  async 'a ticket is claimed, stamped, released, reopened and revoked'({ gallery }) {
    const { tickets } = gallery;
    for (const password of Object.values(WISHES)) {
      const { ticket, credentials } = await gallery.issue({ password });
      const claim = await tickets.claim(ticket);
      await gallery.attempt(() => tickets.claim(ticket));
      await gallery.ask('/louvre', { method: 'POST', headers: authorization(credentials) });
      await gallery.attempt(() => tickets.reopen(ticket.uuid));
      await gallery.attempt(() => claim.stamp());
      await gallery.attempt(async () => (await tickets.claim(ticket)).release());
      await gallery.attempt(() => claim);
      const { credentials: revoked } = await gallery.issue({ password });
      await gallery.attempt(() => tickets.revoke(revoked.uuid));
      await gallery.attempt(() => tickets.authenticate(revoked, 'louvre', 'visit'));
      await gallery.ask('/hall', { headers: authorization(revoked) });
    }
  },

  async 'a ticket is redeemed, or its work fails'({ gallery }) {
    for (const password of Object.values(WISHES)) {
      const { credentials } = await gallery.issue({ password });
      const redeem = (work: (ticket: Ticket) => unknown) =>
        gallery.attempt(() =>
          gallery.tickets.redeem(credentials, 'louvre', 'visit', async (ticket, manager) => {
            await writeVisit(manager, ticket.uuid);
            return work(ticket);
          }),
        );
      await redeem((ticket) => Promise.reject(Object.assign(new Error('The work has failed'), { ticket })));
      await redeem((ticket) => ticket);
      await redeem((ticket) => ticket);
    }
  },

  async 'tickets expire, are listed, found and cleaned'({ gallery, clock }) {
    for (const password of Object.values(WISHES)) {
      const { credentials } = await gallery.issue({ password, expiresIn: '5m', subject: 'a guest' });
      clock.advance('10m');
      await gallery.ask('/hall', { headers: { ...authorization(credentials), ...html } });
      await gallery.attempt(() => gallery.tickets.authenticate(credentials, 'louvre', 'visit'));
      await gallery.attempt(() => gallery.tickets.find(credentials.uuid));
    }
    await gallery.attempt(() => gallery.tickets.list({ subject: 'a guest', status: 'expired' }));
    await gallery.attempt(() => gallery.tickets.clean({ onProgress: () => undefined }));
  },

  async 'secrets are guessed wrongly, until the ticket is locked'({ gallery, mistyped }) {
    for (const [kind, password] of Object.entries(WISHES)) {
      const { credentials } = await gallery.issue({ password });
      const { uuid } = credentials;
      const { password: another } = (await gallery.issue({ password: WISHES.digits })).credentials;
      const guesses = [1, 2, 3, 4, 5, 6].map((time) => mistyped(`I loved Paris, canary ${kind} ${time}`));
      for (const guess of [...guesses, another, mistyped(`tkt_${'canary'.repeat(7)}c`)]) {
        await gallery.ask(gallery.target('/louvre', { uuid, password: guess }), { headers: html });
        await gallery.ask('/vault', {
          method: 'POST',
          headers: authorization({ uuid, password: guess }),
        });
      }
      await gallery.ask('/hall', { headers: authorization(credentials) });
      await gallery.attempt(() => gallery.tickets.authenticate(credentials, 'louvre', 'visit'));
      await gallery.attempt(() => gallery.tickets.authenticate(credentials, 'orsay', 'visit'));
    }
  },
};
