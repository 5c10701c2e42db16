import { type IssueInput, Ticket } from 'nestjs-ticketoffice';
import { Column, Entity } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { collect } from '../../support/collect.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';

const COLUMNS = Array.from({ length: 60 }, (_, number) => `room${number}`);
const GUESTS = 1000;

/** 68 parameters a ticket: SQLite takes 481 such tickets in one statement, the others 963. */
@Entity(Ticket.table)
class WideTicket<T = unknown> extends Ticket<T> {}
for (const name of COLUMNS) Column({ type: 'int', nullable: true })(WideTicket.prototype, name);

eachDatabase('issueMany() for an entity with many columns of its own', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { entity: WideTicket });
  });

  const rooms = Object.fromEntries(COLUMNS.map((name, number) => [name, number]));

  it.each<[string, (guest: number) => object]>([
    ['all of which are given', () => rooms],
    ['of which each input gives others', (guest) => ({ ...rooms, [COLUMNS[guest % 60]!]: undefined })],
  ])('writes its largest batches, %s', async (_, own) => {
    const inputs = Array.from({ length: GUESTS }, (_guest, guest) => ({
      place: 'louvre',
      purpose: 'visit',
      ...own(guest),
    }));
    const issued = await collect(
      office.tickets.issueMany(inputs as Iterable<IssueInput>, { batchSize: GUESTS }),
    );
    expect(issued).toHaveLength(GUESTS);
    const last = await office.tickets.find(issued.at(-1)!.ticket.uuid);
    expect(last).toMatchObject({ room0: 0, room58: 58 });
  });
});
