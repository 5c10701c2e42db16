import { CredentialsError, TicketBusyError } from 'nestjs-ticketoffice';
import type { DataSource, QueryResult } from 'typeorm';
import { expect, it } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };

/** A driver that keeps for itself how many rows a statement affected, or tells it wrongly, once `mute` is called. */
function mutable(dataSource: DataSource): (affected: unknown) => void {
  let mute = false;
  let told: unknown;
  aroundQueries(dataSource, async (sql, run) => {
    const result = await run();
    return mute && sql.startsWith('UPDATE')
      ? Object.assign(result as QueryResult, { affected: told })
      : result;
  });
  return (affected) => {
    [mute, told] = [true, affected];
  };
}

eachDatabase('[M-9] A driver', (database) => {
  const ANSWERS = [undefined, null, 0, 2, '1', true];

  it.each(ANSWERS)('that reports %s affected rows loses the claim', async (affected) => {
    const { tickets, dataSource } = await startOffice(database);
    const mute = mutable(dataSource);
    const { ticket } = await tickets.issue(visit);
    mute(affected);
    await expect(tickets.claim(ticket)).rejects.toThrow(TicketBusyError);
  });

  it.each(ANSWERS)('that reports %s affected rows loses the stamp and the revocation', async (affected) => {
    const { tickets, dataSource } = await startOffice(database);
    const mute = mutable(dataSource);
    const { ticket } = await tickets.issue(visit);
    const claim = await tickets.claim(ticket);
    mute(affected);
    expect(await tickets.revoke(ticket.uuid)).toBe(false);
    await expect(claim.stamp()).rejects.toThrow(TicketBusyError);
    await expect(claim.release()).resolves.toBeUndefined();
  });

  it.each(ANSWERS)('that reports %s affected rows checks no human password', async (affected) => {
    const { tickets, dataSource } = await startOffice(database);
    const mute = mutable(dataSource);
    const { credentials } = await tickets.issue({ ...visit, password: 'I love Paris' });
    mute(affected);
    // Each try to count it seems to be another guess that came before, until none is left.
    await expect(tickets.authenticate(credentials, 'louvre', 'visit')).rejects.toThrow(CredentialsError);
  });

  it('that reports one affected row wins', async () => {
    const { tickets, dataSource } = await startOffice(database);
    const mute = mutable(dataSource);
    const { ticket } = await tickets.issue(visit);
    mute(1);
    await (await tickets.claim(ticket)).stamp();
    expect((await tickets.find(ticket.uuid))?.used).toBe(true);
  });
});
