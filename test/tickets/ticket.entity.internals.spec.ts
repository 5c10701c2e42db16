import { inspect } from 'node:util';
import { instanceToPlain } from 'class-transformer';
import { Ticket } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { startOffice, rawRow, rewriteRow, type TicketOffice } from '../support/office.js';

const visit = { place: 'louvre', purpose: 'visit', data: { firstName: 'Léonard' }, subject: 'order 7' };
const FIELDS = [
  'uuid',
  'place',
  'purpose',
  'subject',
  'data',
  'createdAt',
  'expiresAt',
  'usedAt',
  'revokedAt',
];
const INTERNALS = ['verifier', 'generation', 'attempts', 'claimId', 'claimedAt'];

eachDatabase('[ST-4] The internals', (database) => {
  let office: TicketOffice;
  const shown: [string, Ticket][] = [];
  /** Marks that a leak of any internal value would show. */
  let marks: string[];

  beforeAll(async () => {
    office = await startOffice(database);
    const { ticket, credentials } = await office.tickets.issue(visit);
    const { uuid } = ticket;
    await rewriteRow(office.dataSource, uuid, { attempts: 987_654 });
    const admitted = await office.tickets.authenticate(credentials, 'louvre', 'visit');
    const claim = await office.tickets.claim(admitted);
    const found = await office.tickets.find(uuid);
    const queried = await office.dataSource.manager.findOneBy(Ticket, { uuid });
    shown.push(['issued', ticket], ['admitted', admitted], ['claimed', claim.ticket]);
    shown.push(['found', found!], ['queried by the app', queried!]);
    const row = await rawRow(office.dataSource, uuid);
    marks = [row['verifier'] as string, row['claimId'] as string, '987654', credentials.password];
  });

  const PRINTS: [string, (ticket: Ticket) => string][] = [
    ['JSON', (ticket) => JSON.stringify({ ticket })],
    ['inspect', (ticket) => inspect(ticket, { showHidden: true, depth: 9, getters: true })],
    ['a clone', (ticket) => inspect(structuredClone(ticket), { showHidden: true, depth: 9 })],
    ['class-transformer', (ticket) => JSON.stringify(instanceToPlain(ticket))],
    // oxlint-disable-next-line typescript/no-misused-spread -- what an app may do
    ['a spread', (ticket) => inspect({ ...ticket }, { showHidden: true, depth: 9 })],
    ['all that its prototype has', (ticket) => inspect(everything(ticket), { showHidden: true, depth: 9 })],
  ];

  describe.each(PRINTS)('do not show in %s', (_, print) => {
    it.each(['issued', 'admitted', 'claimed', 'found', 'queried by the app'])('of a ticket %s', (way) => {
      const ticket = shown.find(([name]) => name === way)![1];
      const printed = print(ticket);
      expect(printed).toContain(ticket.uuid);
      expect(printed).toContain('Léonard');
      for (const secret of [...INTERNALS, ...marks]) expect(printed).not.toContain(secret);
    });
  });

  it('are no keys of a ticket, however it was come by', () => {
    expect(shown).toHaveLength(5);
    for (const [way, ticket] of shown) {
      expect(Object.keys(ticket).toSorted(), way).toEqual(FIELDS.toSorted());
      expect(Reflect.ownKeys(ticket), way).toHaveLength(FIELDS.length);
      expect(Object.keys(JSON.parse(JSON.stringify(ticket)) as object).toSorted(), way).toEqual(
        FIELDS.toSorted(),
      );
    }
  });
});

/** A ticket's own properties and those of its prototypes, getters and methods included. */
function everything(ticket: object): object {
  const found: Record<string, unknown> = {};
  for (let level: unknown = ticket; level !== null; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) found[name] = Reflect.get(ticket, name);
  }
  return found;
}
