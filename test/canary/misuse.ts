import type { Credentials, IssueInput, TicketService } from 'nestjs-ticketoffice';
import type { Gallery } from './gallery.js';

const visit = { place: 'louvre', purpose: 'visit' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Gives a secret to every call, and shows it in every request, where it does not belong. */
export async function misuse(gallery: Gallery, secret: string): Promise<void> {
  const { tickets } = gallery;
  const { credentials } = await gallery.issue();
  for (const input of badInputs(secret)) await gallery.attempt(() => tickets.issue(input as IssueInput));
  for (const call of badCalls(tickets, credentials, secret)) await gallery.attempt(call);
  for (const query of badQueries(credentials.uuid, secret)) {
    await gallery.ask(`/louvre?${query}`, { headers: { Accept: 'text/html' } });
    await gallery.ask(`/louvre?${query}`, { method: 'POST' });
  }
  for (const body of [...badQueries(credentials.uuid, secret), ...swapped(credentials.uuid, secret)])
    await gallery.ask('/desk', { method: 'POST', headers: form, body });
  for (const value of [`Ticket ${secret}`, `Ticket ${secret}:`, `Bearer ${secret}`, `Ticket :${secret}`]) {
    const Authorization = Buffer.from(value, 'utf8').toString('latin1');
    await gallery.ask('/hall', { headers: { Authorization } });
  }
}

function badInputs(secret: string): unknown[] {
  const tooLong = secret.repeat(40);
  return [
    secret,
    [secret],
    { ...visit, place: tooLong },
    { ...visit, purpose: { secret } },
    { ...visit, subject: tooLong },
    { ...visit, subject: [secret] },
    { ...visit, data: { secret, wrong: 1n } },
    { ...visit, data: { nested: new Map([[secret, secret]]) } },
    { ...visit, data: secret.repeat(1000) },
    { ...visit, expiresIn: secret },
    { ...visit, expiresAt: secret },
    { ...visit, expiresIn: '1h', expiresAt: secret },
    { ...visit, password: `tkt_${'canary'.repeat(7)}c` },
    { ...visit, password: tooLong },
    { ...visit, password: `${secret}\0` },
    { ...visit, password: [secret] },
    { ...visit, password: { digits: secret } },
    { ...visit, password: { letters: 12, secret } },
    { ...visit, credentials: { password: secret } },
  ];
}

function badCalls(tickets: TicketService, credentials: Credentials, secret: string): (() => unknown)[] {
  const tooLong = secret.repeat(40);
  const exchanged = { uuid: secret, password: credentials.uuid };
  return [
    () => tickets.authenticate(exchanged, 'louvre', 'visit'),
    () => tickets.authenticate({ uuid: [secret], password: { secret } } as never, 'louvre', 'visit'),
    () => tickets.authenticate(secret as never, 'louvre', 'visit'),
    () => tickets.authenticate(credentials, tooLong, 'visit'),
    () => tickets.authenticate(credentials, 'louvre', [secret] as never),
    () => tickets.redeem(exchanged, 'louvre', 'visit', () => 'done'),
    () => tickets.redeem(credentials, 'louvre', 'visit', secret as never),
    () => tickets.claim({ uuid: credentials.uuid, secret } as never),
    () => tickets.find(secret),
    () => tickets.find([secret] as never),
    () => tickets.revoke(secret),
    () => tickets.revoke(credentials.uuid, { secret } as never),
    () => tickets.reopen(secret),
    () => tickets.reissue(secret),
    () => tickets.reissue(credentials.uuid, { expiresIn: secret } as never),
    () => tickets.list({ status: secret } as never),
    () => tickets.list({ after: secret }),
    () => tickets.list({ place: tooLong, limit: secret } as never),
    () => tickets.clean({ batchSize: secret, before: secret } as never),
    () => tickets.url(`//${secret}`, credentials),
    () => tickets.url(`/louvre?password=${encodeURIComponent(secret)}`, credentials),
    () => tickets.url('/louvre', { uuid: secret, password: secret }),
    () => tickets.url('/louvre', { uuid: credentials.uuid, password: secret.repeat(100) }),
    () => tickets.url('/louvre', { ...JSON.parse(JSON.stringify(credentials)), secret } as never),
  ];
}

const shown = (uuid: string, password: string) => new URLSearchParams({ uuid, password }).toString();

const badQueries = (uuid: string, secret: string): string[] => [
  `${shown(uuid, secret)}&password=twice`,
  `${shown(uuid, secret)}&uuid=twice`,
  `uuid=${uuid}&password[]=${encodeURIComponent(secret)}`,
  shown('', secret),
];

/** Not in an address: no access log could know that a name is a secret. */
const swapped = (uuid: string, secret: string): string[] => [
  shown(secret, uuid),
  `uuid=${encodeURIComponent(secret)}`,
];
