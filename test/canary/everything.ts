import type { CredentialsLike } from 'nestjs-ticketoffice';
import { authorization } from '../invitations/ask.js';
import type { Gallery } from './gallery.js';

const HUMAN = 'I love Paris, says the canary, whatever fails';
const rooms = ['louvre', 'vault', 'stairs', 'lift', 'window', 'hall'];

/** Does everything that can be done with these tickets, and with new ones, whatever fails. */
export async function useAll(gallery: Gallery, issued: readonly CredentialsLike[]): Promise<void> {
  for (const credentials of issued) await useByProgram(gallery, credentials);
  for (const room of rooms) {
    const fresh = await gallery.issue().then(
      ({ credentials }) => credentials,
      () => issued[0]!,
    );
    await gallery.ask(gallery.target(`/${room}`, fresh), { headers: { Accept: 'text/html' } });
    for (const credentials of [fresh, ...issued])
      await gallery.ask(`/${room}`, { method: 'POST', headers: authorization(credentials) });
  }
}

async function useByProgram(gallery: Gallery, credentials: CredentialsLike): Promise<void> {
  const { tickets } = gallery;
  const { uuid } = credentials;
  const attempts: (() => unknown)[] = [
    () => gallery.issue(),
    () => gallery.issue({ password: HUMAN }),
    () => gallery.issue({ password: { digits: 24 } }),
    () => tickets.authenticate(credentials, 'louvre', 'visit'),
    () => tickets.authenticate({ uuid, password: HUMAN }, 'louvre', 'visit'),
    () => tickets.redeem(credentials, 'louvre', 'visit', () => Promise.reject(new Error('no work'))),
    async () => (await tickets.claim((await tickets.find(uuid))!)).release(),
    () => gallery.reissue(uuid),
    () => tickets.reopen(uuid),
    () => tickets.list(),
    () => tickets.redeem(credentials, 'louvre', 'visit', () => 'done'),
    () => tickets.clean({ before: new Date() }),
  ];
  for (const attempt of attempts) await gallery.attempt(attempt);
}
