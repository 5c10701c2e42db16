import { ConsoleLogger } from '@nestjs/common';
import { Ticket } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { openOffice } from '../../lib/command-line/office.js';
import { ticketJson } from '../../lib/command-line/ticket.view.js';
import { eachDatabase } from '../support/databases.js';
import { SECRET } from '../support/office.js';
import { afterwards } from '../support/suite-scope.js';
import { Guide, MuseumTicket } from '../tickets/columns/museum-ticket.js';

eachDatabase('The command line, for a data source with an own entity', (database) => {
  it('issues, lists and shows its tickets', async () => {
    const dataSource = await database.connect({ entities: [Guide, MuseumTicket], synchronize: true });
    const office = await openOffice(dataSource, { secret: [SECRET] }, new ConsoleLogger({ logLevels: [] }));
    afterwards(() => office.close());
    const { ticket } = await office.tickets.issue({ place: 'louvre', purpose: 'visit' });
    expect(ticket).toBeInstanceOf(MuseumTicket);
    expect(dataSource.hasMetadata(Ticket)).toBe(false);
    expect(office.table).toContain('ticket_office_ticket');
    const [listed] = await office.tickets.list();
    const shown = JSON.parse(JSON.stringify(ticketJson(listed!))) as object;
    expect(Object.keys(shown).slice(0, 3)).toEqual(['uuid', 'status', 'place']);
    expect(shown).toMatchObject({ uuid: ticket.uuid, fare: 'adult', persons: 1, gallery: null });
    expect(shown).not.toHaveProperty('verifier');
    await office.tickets.check();
  });

  it('issues many in batches that can be resumed', async () => {
    const dataSource = await database.connect({ entities: [Guide, MuseumTicket], synchronize: true });
    const office = await openOffice(dataSource, { secret: [SECRET] }, new ConsoleLogger({ logLevels: [] }));
    afterwards(() => office.close());
    async function* inputs() {
      for (const subject of ['1', '2', '3']) yield { place: 'orsay', purpose: 'visit', subject };
    }
    const recorded: string[] = [];
    const record = async (batch: readonly { ticket: Ticket }[]) =>
      void recorded.push(...batch.map(({ ticket }) => ticket.uuid));
    const issued: string[] = [];
    for await (const { ticket } of office.issuer.issueMany(inputs(), 2, record)) issued.push(ticket.uuid);
    expect(issued).toEqual(recorded);
    expect([...(await office.issuer.present(issued)).keys()].toSorted()).toEqual(issued.toSorted());
  });
});
