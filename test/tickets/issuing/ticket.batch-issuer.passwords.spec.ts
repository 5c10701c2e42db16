import type * as argon2 from 'argon2';
import { type IssueInput, TicketOfficeBusyError } from 'nestjs-ticketoffice';
import { expect, it, vi } from 'vitest';
import { collect } from '../../support/collect.js';
import { eachDatabase, oneDatabase } from '../../support/databases.js';
import { hashes } from '../../support/held.argon2.js';
import { rawRow, startOffice } from '../../support/office.js';

vi.mock('argon2', async (importOriginal) =>
  (await import('../../support/held.argon2.js')).heldArgon2(await importOriginal<typeof argon2>()),
);

const visit = { place: 'louvre', purpose: 'visit' };
const passwords = (count: number): IssueInput[] =>
  Array.from({ length: count }, (_, number) => ({ ...visit, password: `I love Paris ${number}` }));

eachDatabase('issueMany() of passwords and codes', (database) => {
  it('hands each out in its place, among secrets, and keeps them as issue() does', async () => {
    const { tickets, dataSource } = await startOffice(database);
    const inputs: IssueInput[] = [
      visit,
      { ...visit, password: 'I love Paris' },
      { ...visit, password: { digits: 8 } },
      visit,
      { ...visit, password: { letters: 12 } },
    ];
    const issued = await collect(tickets.issueMany(inputs));
    const shapes = [/^tkt_/, /^I love Paris$/, /^\d{8}$/, /^tkt_/, /^[a-z]{12}$/];
    const verifiers = [
      /^hmac-sha256\$/,
      /^argon2id\$/,
      /^argon2id\.digits-8\$/,
      /^hmac/,
      /^argon2id\.letters-12\$/,
    ];
    for (const [index, { ticket, credentials }] of issued.entries()) {
      expect(credentials.password).toMatch(shapes[index]!);
      expect((await rawRow(dataSource, ticket.uuid))['verifier']).toMatch(verifiers[index]!);
      expect((await tickets.authenticate(credentials, 'louvre', 'visit')).uuid).toBe(ticket.uuid);
    }
    expect(issued.map(({ ticket }) => ticket.expiresAt!.getTime() - ticket.createdAt.getTime())).toEqual([
      86_400_000, 86_400_000, 600_000, 86_400_000, 600_000,
    ]);
  });
});

oneDatabase('issueMany() of passwords, beside guests', (database) => {
  it.each([
    [2, 3],
    [2, 0],
    [1, 1],
  ])('hashes %i at once, and lets as many guests wait as without it: %i', async (concurrency, queue) => {
    const { tickets } = await startOffice(database, { argon2: { concurrency, queue } });
    const { credentials } = await tickets.issue({ ...visit, password: 'I love Paris' });
    hashes.hold();
    const bulk = collect(tickets.issueMany(passwords(20)));
    await hashes.areRunning(concurrency);
    const guests = Array.from({ length: concurrency + queue + 4 }, () =>
      tickets.authenticate(credentials, 'louvre', 'visit'),
    );
    const results = Promise.allSettled(guests);
    await vi.waitFor(() => expect(hashes.running).toBe(concurrency));
    hashes.letGo();
    const refused = (await results).filter(({ status }) => status === 'rejected');
    // Only those who would be too many without it, too.
    expect(refused).toHaveLength(4);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toBeInstanceOf(TicketOfficeBusyError);
    expect(await bulk).toHaveLength(20);
    expect(hashes.most).toBe(concurrency);
  });

  it('goes on when guests have filled the queue', async () => {
    const { tickets } = await startOffice(database, { argon2: { concurrency: 1, queue: 1 } });
    hashes.hold();
    const issued = [1, 2, 3].map(() => tickets.issue({ ...visit, password: 'I love Paris' }));
    const results = Promise.allSettled(issued);
    await hashes.areRunning(1);
    const bulk = collect(tickets.issueMany(passwords(3)));
    hashes.letGo();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await bulk).toHaveLength(3);
  });

  it('hashes no more after an abort, and writes nothing of the batch', async () => {
    const { tickets } = await startOffice(database, { argon2: { concurrency: 2 } });
    const closing = new AbortController();
    const before = await tickets.count();
    hashes.hold();
    const bulk = collect(tickets.issueMany(passwords(20), { signal: closing.signal }));
    const refused = expect(bulk).rejects.toThrow('closing time');
    await hashes.areRunning(2);
    closing.abort(new Error('closing time'));
    hashes.letGo();
    await refused;
    expect(hashes.begun).toBe(2);
    expect(await tickets.count()).toBe(before);
  });
});
