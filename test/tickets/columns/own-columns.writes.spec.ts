import { type IssueInput, TicketOfficeConfigurationError } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { OddTicket } from './odd-ticket.js';

eachDatabase('a ticket with own columns', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { entity: OddTicket });
  });

  const issue = async (own: object = {}) => {
    const issued = await office.tickets.issue({ place: 'louvre', purpose: 'visit', ...own } as IssueInput);
    return { ...issued, ticket: issued.ticket as OddTicket };
  };
  const find = async (uuid: string) => (await office.tickets.find(uuid)) as OddTicket;

  it('is as the database has it after a reissue', async () => {
    const { ticket } = await issue({ seat: 'A1' });
    const { ticket: again } = await office.tickets.reissue(ticket.uuid);
    expect(again).toEqual(await find(ticket.uuid));
    expect(again).toMatchObject({ seat: 'A1', version: ticket.version + 1 });
  });

  it('is so after a reissue in a transaction of the app, too', async () => {
    const { ticket } = await issue({ seat: 'A1' });
    const reissue = async (manager: EntityManager) => {
      await manager.update(OddTicket, ticket.uuid, { seat: 'A2' });
      return (await office.tickets.reissue(ticket.uuid, {}, manager)).ticket;
    };
    expect(await office.dataSource.transaction(reissue)).toEqual(await find(ticket.uuid));
  });

  describe('that a repository saves', () => {
    const save = async (ticket: OddTicket, seat: string) => {
      ticket.seat = seat;
      await office.dataSource.getRepository(OddTicket).save(ticket);
    };

    it('stays as it is, used or revoked, and the error says what to write', async () => {
      const { ticket } = await issue();
      await office.tickets.revoke(ticket.uuid);
      const error: unknown = await save(ticket, 'A1').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
      expect((error as Error).message).toContain(
        `Ticket ${ticket.uuid} was not saved: save() would write over what has become of it meanwhile. Write manager.update(OddTicket, ticket.uuid, { … })`,
      );
      expect(await find(ticket.uuid)).toMatchObject({ revoked: true, seat: null });
    });

    it('is written by update() and by the fields of its own alone', async () => {
      const { ticket } = await issue();
      await office.tickets.revoke(ticket.uuid);
      const repository = office.dataSource.getRepository(OddTicket);
      await repository.update(ticket.uuid, { seat: 'A1' });
      expect(await find(ticket.uuid)).toMatchObject({ revoked: true, seat: 'A1' });
      await repository.save({ uuid: ticket.uuid, seat: 'A2' });
      expect(await find(ticket.uuid)).toMatchObject({ revoked: true, seat: 'A2' });
    });
  });

  describe('whose work writes to it', () => {
    const redeem = async (work: (ticket: OddTicket, manager: EntityManager) => Promise<unknown>) => {
      const { ticket, credentials } = await issue();
      const redeeming = office.tickets.redeem(credentials, 'louvre', 'visit', async (one, manager) => {
        await work(one as OddTicket, manager);
      });
      return { uuid: ticket.uuid, error: await redeeming.catch((reason: unknown) => reason) };
    };

    it('is used, with what update() has written', async () => {
      const { uuid, error } = await redeem((one, manager) =>
        manager.update(OddTicket, one.uuid, { seat: 'B' }),
      );
      expect(error).toBeUndefined();
      expect(await find(uuid)).toMatchObject({ used: true, seat: 'B' });
    });

    it.each<[string, (ticket: OddTicket, manager: EntityManager) => Promise<unknown>]>([
      ['save()', (ticket, manager) => manager.save(Object.assign(ticket, { seat: 'B' }))],
      [
        'save() of a copy',
        (ticket, manager) => manager.save(OddTicket, Object.assign({}, ticket, { seat: 'B' })),
      ],
      [
        'save() without listeners',
        (ticket, manager) => manager.save(Object.assign(ticket, { seat: 'B' }), { listeners: false }),
      ],
      ['update() of all', ({ uuid }, manager) => manager.update(OddTicket, uuid, { usedAt: null })],
    ])('is not used after %s: a fault of the app, which says what to write', async (_, work) => {
      const { uuid, error } = await redeem(work);
      expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
      expect((error as Error).message).toContain('manager.update(OddTicket, ticket.uuid, { … })');
      expect((error as Error).message).toContain(uuid);
      expect(await find(uuid)).toMatchObject({ used: false, seat: null });
      expect(await office.tickets.inspect(uuid)).toMatchObject({ ticket: { used: false } });
    });
  });
});
