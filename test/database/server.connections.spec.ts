import { Ticket, TicketBusyError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { privateDatabase } from '../support/private-database.js';
import { afterwards } from '../support/suite-scope.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { Visit, visitsOf, writeVisit } from '../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };

/** Options of an app that reads from a replica, which is so far behind that it has not even the tables. */
async function replicated(database: TestDatabase) {
  const target = inject('databases').find(({ name }) => name === database.name)!;
  const replica = privateDatabase(target);
  await replica.create();
  afterwards(replica.drop);
  const { url } = database.options() as { url: string };
  const slaves = [{ url: (replica.connection as { url: string }).url }];
  return { replication: { master: { url }, slaves, defaultMode: 'slave' } };
}

eachDatabase('An app with a replica', (database) => {
  // There are no replicas of SQLite.
  describe.runIf(database.type !== 'better-sqlite3')('that lags behind', () => {
    let office: TicketOffice;
    beforeAll(async () => {
      office = await startOffice(database, {}, { entities: [Visit], ...(await replicated(database)) });
    });
    const issue = async (input: object = {}) => office.tickets.issue({ ...visit, ...input });
    const authenticate = (credentials: { uuid: string; password: string }) =>
      office.tickets.authenticate(credentials, 'louvre', 'visit');

    it('reads from it itself', async () => {
      await expect(office.dataSource.manager.find(Ticket)).rejects.toThrow(/exist/);
    });

    it('[R-1] admits, claims and stamps from the primary alone', async () => {
      const { credentials } = await issue();
      const ticket = await authenticate(credentials);
      const claim = await office.tickets.claim(ticket);
      await expect(office.tickets.claim(ticket)).rejects.toThrow(TicketBusyError);
      await claim.release();
      await (await office.tickets.claim(ticket)).stamp();
      await expect(authenticate(credentials)).rejects.toThrow('already been used');
    });

    it('[G-1] counts wrong guesses on the primary', async () => {
      const { credentials } = await issue({ password: 'I love Paris' });
      const wrong = authenticate({ uuid: credentials.uuid, password: 'wrong' });
      await expect(wrong).rejects.toThrow('not valid here');
      expect((await authenticate(credentials)).uuid).toBe(credentials.uuid);
    });

    it('[R-1] redeems on the primary, and lets the work read there, too', async () => {
      const { ticket, credentials } = await issue();
      const { uuid } = ticket;
      const seen = await office.tickets.redeem(credentials, 'louvre', 'visit', async (_, manager) => {
        await writeVisit(manager, uuid);
        return manager.countBy(Visit, { uuid });
      });
      expect(seen).toBe(1);
      await expect(visitsOf(office.dataSource, uuid)).rejects.toThrow(/exist/);
      expect((await office.tickets.find(uuid))!.used).toBe(true);
    });

    it('administers tickets on the primary', async () => {
      const { tickets } = office;
      const subject = 'administered';
      const { ticket, credentials } = await issue({ subject });
      await tickets.claim(ticket);
      expect(await tickets.list({ subject, status: 'claimed' })).toHaveLength(1);
      expect(await tickets.reopen(ticket.uuid)).toBe(true);
      const { credentials: renewed } = await tickets.reissue(ticket.uuid);
      await expect(authenticate(credentials)).rejects.toThrow('not valid here');
      await authenticate(renewed);
      expect(await tickets.revoke(ticket.uuid)).toBe(true);
      expect((await tickets.clean({ before: new Date() })).revoked).toBe(1);
      expect(await tickets.find(ticket.uuid)).toBeNull();
    });
  });
});
