import { CredentialsError, Ticket } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };

const SQL = [
  "'; DROP TABLE ticket_office_ticket; --",
  "' OR '1'='1",
  '" OR ""="',
  "\\' OR 1=1 -- ",
  "louvre' /*",
  ':uuid',
  ':place',
  '$1',
  '?',
  '%',
  '_',
  'NULL',
  '() => NULL',
  '`ticket_office_ticket`',
];

eachDatabase('issue()', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  it.each(SQL)('[ST-1] stores and compares as text: %s', async (sql) => {
    const before = await office.dataSource.manager.count(Ticket);
    const { ticket, credentials } = await office.tickets.issue({
      place: sql,
      purpose: sql,
      subject: sql,
      password: sql,
      data: { [sql]: [sql] },
    });
    expect(await office.dataSource.manager.count(Ticket)).toBe(before + 1);
    const row = await rawRow(office.dataSource, ticket.uuid);
    expect([row['place'], row['purpose'], row['subject']]).toEqual([sql, sql, sql]);
    expect(JSON.parse(row['data'] as string)).toEqual({ [sql]: [sql] });
    const admitted = await office.tickets.authenticate(credentials, sql, sql);
    await (await office.tickets.claim(admitted)).stamp();
    expect((await office.tickets.find(ticket.uuid))?.used).toBe(true);
  });

  it.each(SQL)('[ST-1] has no row for the name %s', async (sql) => {
    expect(await office.tickets.find(sql)).toBeNull();
    expect(await office.tickets.revoke(sql)).toBe(false);
    await expect(
      office.tickets.authenticate({ uuid: sql, password: sql }, 'louvre', 'visit'),
    ).rejects.toThrow(CredentialsError);
  });

  it('[ST-11] makes a second row with the same uuid impossible', async () => {
    const { ticket } = await office.tickets.issue(visit);
    const row = await rawRow(office.dataSource, ticket.uuid);
    const instants = {
      createdAt: new Date(),
      expiresAt: null,
      usedAt: null,
      revokedAt: null,
      claimedAt: null,
    };
    const insert = (place: string) => {
      const values = { ...row, ...instants, data: {}, place };
      return office.dataSource.createQueryBuilder().insert().into(Ticket).values(values).execute();
    };
    await expect(insert('orsay')).rejects.toThrow(/unique|duplicate/i);
    expect((await office.tickets.find(ticket.uuid))?.place).toBe('louvre');
    // The same row under another uuid goes in, so nothing but the uuid was in its way.
    row['uuid'] = ticket.uuid.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    await expect(insert('orsay')).resolves.toBeDefined();
  });
});
