import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { root } from '../support/built-package.js';
import { eachDatabase } from '../support/databases.js';
import { rawRow, startOffice, type TicketOffice } from '../support/office.js';
import { type CommandLine, commandLine, COMMAND_SECRET } from './command.js';
import { fillDjango } from './django.js';

const uuid = (end: number) => `bae50afb-e203-4147-b0a1-2c8cf3f8${String(end).padStart(4, '0')}`;

eachDatabase('import-django', (database) => {
  let run: CommandLine;
  let office: TicketOffice;
  beforeAll(async () => {
    run = await commandLine(root);
    office = await startOffice(database, { secret: COMMAND_SECRET });
    run.writeDataSource('data-source.mjs', database.options());
  });
  beforeEach(() => office.dataSource.query('DELETE FROM ticket_office_ticket'));

  const fill = (tickets: Parameters<typeof fillDjango>[2], uuidType?: string) =>
    fillDjango(office.dataSource, database, tickets, uuidType);
  const importAll = async (...flags: string[]) => {
    const ended = await run(['-d', 'data-source.mjs', 'import-django', '--json', ...flags]);
    return { ...ended, counts: JSON.parse(ended.stdout || '{}') as Record<string, unknown> };
  };

  it('[DJ-1] keeps the history: data, used and expired tickets with their instants', async () => {
    await fill([
      {
        uuid: uuid(1),
        data: '{"firstName": "L\\u00e9onard", "rooms": [1, null]}'.replaceAll(
          '\\',
          database.type === 'mariadb' ? '\\\\' : '\\',
        ),
        usage: '2026-03-02 11:30:00.654321',
        expiry: '2026-03-06 10:00:00',
      },
      { uuid: uuid(2), place: 'orsay', purpose: 'enter', expiry: '2026-03-06 10:00:00.5', data: null },
    ]);
    const { code, counts } = await importAll();
    expect({ code, counts }).toEqual({
      code: 0,
      counts: { added: 2, present: 0, skipped: 0, withoutSecret: [] },
    });
    expect(await office.tickets.find(uuid(1))).toMatchObject({
      place: 'louvre',
      purpose: 'visit',
      subject: null,
      data: { firstName: 'Léonard', rooms: [1, null] },
      createdAt: new Date('2026-03-01T10:00:00.123Z'),
      usedAt: new Date('2026-03-02T11:30:00.654Z'),
      expiresAt: new Date('2026-03-06T10:00:00Z'),
      revokedAt: null,
    });
    expect(await office.tickets.find(uuid(2))).toMatchObject({
      place: 'orsay',
      purpose: 'enter',
      data: {},
      usedAt: null,
      expiresAt: new Date('2026-03-06T10:00:00.500Z'),
    });
    expect((await office.tickets.find(uuid(1)))!.status()).toBe('used');
    expect((await office.tickets.find(uuid(2)))!.status()).toBe('expired');
  });

  it('[DJ-2] opens no valid ticket by its old password, lists it, and opens it when it is reissued', async () => {
    await fill([{ uuid: uuid(3) }, { uuid: uuid(4), expiry: '2999-01-01 00:00:00' }]);
    const { counts } = await importAll();
    expect(counts).toMatchObject({ added: 2, withoutSecret: [uuid(3), uuid(4)] });
    const old = { uuid: uuid(3), password: 'pbkdf2_sha256$1000000$salt$hash' };
    await expect(office.tickets.authenticate(old, 'louvre', 'visit')).rejects.toMatchObject({
      code: 'TICKET_INVALID',
    });
    expect(String((await rawRow(office.dataSource, uuid(3)))['verifier'])).not.toContain('pbkdf2');
    const { credentials } = await office.tickets.reissue(uuid(3), {});
    expect((await office.tickets.authenticate(credentials, 'louvre', 'visit')).uuid).toBe(uuid(3));
    // Only those that still wait for it.
    expect((await importAll()).counts).toEqual({
      added: 0,
      present: 2,
      skipped: 0,
      withoutSecret: [uuid(4)],
    });
  });

  it('[DJ-2] revokes the valid ones with --revoke, and those alone', async () => {
    await fill([{ uuid: uuid(5) }, { uuid: uuid(6), usage: '2026-03-02 11:30:00' }]);
    expect((await importAll('--revoke')).counts).toMatchObject({ added: 2, withoutSecret: [] });
    expect((await office.tickets.find(uuid(5)))!.status()).toBe('revoked');
    expect(await office.tickets.find(uuid(6))).toMatchObject({ used: true, revokedAt: null });
  });

  it('[DJ-3] names and leaves out what cannot be taken, takes the rest, and fails', async () => {
    const deep = `${'['.repeat(20)}${']'.repeat(20)}`;
    await fill([
      { uuid: uuid(7), place: '' },
      { uuid: uuid(8) },
      { uuid: uuid(8), usage: '2026-03-02 11:30:00' },
      { uuid: uuid(9), data: deep },
      { uuid: uuid(10), data: '{"id": 12345678901234567890}' },
      { uuid: uuid(11) },
    ]);
    const { code, stderr, counts } = await importAll('--batch-size', '2');
    expect([code, counts]).toMatchObject([1, { added: 2, skipped: 4 }]);
    expect(stderr.split('\n').filter(Boolean)).toEqual([
      expect.stringMatching(/^row 1, ticket bae50afb.*, is left out: place must .*: write --place and/),
      expect.stringMatching(/^row 3, .*: its uuid is there twice$/),
      expect.stringMatching(/^row 4, .*: data must be nested at most 16 deep$/),
      expect.stringMatching(/^row 5, .*: data is no JSON that keeps its value in JavaScript$/),
    ]);
    const named = await importAll('--place', 'museum');
    expect(named.counts).toMatchObject({ added: 1, present: 2, skipped: 3 });
    expect((await office.tickets.find(uuid(7)))!.place).toBe('museum');
  });

  it('[DJ-4] takes many in batches, and is run again where it was interrupted', async () => {
    const uuids = Array.from({ length: 25 }, () => randomUUID());
    await fill(uuids.map((each) => ({ uuid: each, usage: '2026-03-02 11:30:00' })));
    const half = Array.from({ length: 10 }, (_, index) => uuids[index]!);
    expect((await importAll('--batch-size', '7')).counts).toMatchObject({ added: 25, present: 0 });
    // As after an end amid the run.
    for (const each of half)
      await office.dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${each}'`);
    expect((await importAll('--batch-size', '7')).counts).toMatchObject({ added: 10, present: 15 });
    expect(await office.tickets.list({ status: 'used', limit: 100 })).toHaveLength(25);
  });

  it.skipIf(database.type === 'postgres')('[DJ-5] reads dates of another zone', async () => {
    await fill([
      { uuid: uuid(20), created: '2026-01-15 10:00:00', usage: '2026-07-15 10:00:00' },
      { uuid: uuid(21), created: '2026-10-25 02:30:00', usage: '2026-10-25 03:00:00' },
    ]);
    await importAll('--time-zone', 'Europe/Paris');
    expect(await office.tickets.find(uuid(20))).toMatchObject({
      createdAt: new Date('2026-01-15T09:00:00Z'),
      usedAt: new Date('2026-07-15T08:00:00Z'),
    });
    expect(await office.tickets.find(uuid(21))).toMatchObject({
      createdAt: new Date('2026-10-25T00:30:00Z'),
      usedAt: new Date('2026-10-25T02:00:00Z'),
    });
  });

  it.skipIf(database.type !== 'mariadb')('[DJ-5] reads uuids without hyphens', async () => {
    await fill([{ uuid: uuid(22) }], 'char(32)');
    expect((await importAll()).counts).toMatchObject({ added: 1 });
    expect(await office.tickets.find(uuid(22))).not.toBeNull();
  });

  it('takes Django’s table from a database of its own, and says what is wrong', async () => {
    await fill([{ uuid: uuid(23) }]);
    run.writeDataSource('django.mjs', database.options());
    expect((await importAll('--from', 'django.mjs')).counts).toMatchObject({ added: 1 });
    const noZone = await importAll('--time-zone', 'Louvre');
    expect([noZone.code, noZone.stderr]).toEqual([2, expect.stringContaining('there is no zone Louvre')]);
    const noTable = await importAll('--table', 'nowhere');
    expect([noTable.code, noTable.stderr]).toEqual([1, expect.stringContaining('nowhere')]);
  });
});
