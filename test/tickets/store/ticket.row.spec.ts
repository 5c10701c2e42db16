import { CredentialsError, Ticket, TicketBusyError, TicketInputError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { captureLog } from '../../invitations/captured-log.js';
import { eachDatabase, isFirst, oneDatabase, type TestDatabase } from '../../support/databases.js';
import { rawRow, rewriteRow, startOffice, type TicketOffice } from '../../support/office.js';
import { allowNulls, type Garbage, ruin } from '../../support/ruin.js';
import { StatementLog } from '../../support/statement-log.js';
import { undoParseInt8 } from '../../support/parse-int8.js';

const visit = { place: 'louvre', purpose: 'visit' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const END_OF_DATES = 8.64e15;
const CONTENT = 'c0nfidential';

const error = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (reason: unknown) => reason,
  );

/** What no version has written, or one that is newer: as far as each database lets it be written. */
const RUINS: [column: string, value: Garbage][] = [
  ['data', CONTENT],
  ['data', ''],
  ['data', `{"firstName":"${CONTENT}`],
  ['data', null],
  ['data', Buffer.from('{}')],
  ['place', null],
  ['purpose', null],
  ['subject', Buffer.from([0xff])],
  ['createdAt', null],
  ['createdAt', END_OF_DATES + 1],
  ['expiresAt', END_OF_DATES + 1],
  ['expiresAt', -END_OF_DATES - 1],
  ['expiresAt', '9223372036854775807'],
  ['expiresAt', '-9223372036854775808'],
  ['expiresAt', CONTENT],
  ['expiresAt', 1.5],
  ['usedAt', CONTENT],
  ['usedAt', END_OF_DATES + 1],
  ['revokedAt', CONTENT],
  ['revokedAt', -END_OF_DATES - 1],
  ['claimedAt', CONTENT],
  ['claimedAt', END_OF_DATES + 1],
  ['generation', null],
  ['generation', 0],
  ['generation', -1],
  ['generation', 2 ** 31 - 1],
  ['generation', CONTENT],
  ['generation', 1.5],
  ['attempts', null],
  ['attempts', -1],
  ['attempts', CONTENT],
  ['attempts', 0.5],
  ['verifier', null],
  ['verifier', ''],
  ['verifier', CONTENT],
  ['verifier', `scrypt$AAAAAAAA$${'A'.repeat(43)}`],
  ['verifier', `hmac-sha256$AAAAAAAA$${CONTENT}`],
  ['verifier', `argon2id$AAAAAAAA$${CONTENT}`],
  ['claimId', Buffer.from(CONTENT)],
];

/** Settings of a driver under which it hands numbers over in another type. */
const NUMBERS: Record<TestDatabase['type'], object> = {
  'better-sqlite3': {
    prepareDatabase: (file: { defaultSafeIntegers: () => void }) => file.defaultSafeIntegers(),
  },
  postgres: { parseInt8: true },
  mariadb: { supportBigNumbers: true, bigNumberStrings: true },
};

eachDatabase('[A-8] A row that cannot be read', (database) => {
  const statements = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(
      database,
      { maxAttempts: 1000, cleaning: { keep: 0 } },
      { logger: statements },
    );
    await allowNulls(office.dataSource);
    office.tickets.events$.subscribe();
  });

  const issue = (input: object = {}) => office.tickets.issue({ ...visit, ...input });
  const authenticate = (uuid: string, password: string) =>
    office.tickets.authenticate({ uuid, password }, 'louvre', 'visit');
  const spoilt = async (column: string, value: Garbage, input: object = {}) => {
    const issued = await issue(input);
    const isRuined = await ruin(office.dataSource, issued.ticket.uuid, column, value);
    return isRuined ? issued : undefined;
  };
  const during = (work: () => Promise<unknown>) => statements.during(() => error(work()));

  it.each(RUINS)('for its %s (%s) admits nobody, is shown, revoked and cleaned', async (column, value) => {
    const logged = captureLog();
    const { uuid: healthy } = (await issue()).ticket;
    const issued = await spoilt(column, value);
    if (!issued) return;
    const { uuid, password } = issued.credentials;
    expect(await error(authenticate(uuid, password))).toEqual(new CredentialsError());
    const shown = (await office.tickets.find(uuid))!;
    expect(shown).toMatchObject({ uuid, data: null });
    expect(() => JSON.stringify([shown, shown.expiresAt?.toISOString(), shown.status()])).not.toThrow();
    const listed = await office.tickets.list({ limit: 1000 });
    expect(listed.map((ticket) => ticket.uuid)).toEqual(expect.arrayContaining([uuid, healthy]));
    expect(listed.find((ticket) => ticket.uuid === uuid)).toEqual(shown);
    expect(await error(office.tickets.claim(shown))).toEqual(new CredentialsError());
    const work = () => expect.unreachable();
    const { place, purpose } = shown;
    if (place && purpose)
      expect(await error(office.tickets.redeem(shown, place, purpose, work))).toEqual(new CredentialsError());
    expect(await office.tickets.reopen(uuid)).toBe(column === 'claimId');
    expect(await office.tickets.revoke(uuid)).toBe(!['usedAt', 'revokedAt'].includes(column));
    await office.tickets.clean();
    if (!['usedAt', 'revokedAt'].includes(column)) expect(await office.tickets.find(uuid)).toBeNull();
    const lines = logged.filter(({ text }) => text.includes(uuid));
    expect(lines).toHaveLength(1);
    expect(lines[0]!.text).toContain(column);
    expect(JSON.stringify(logged)).not.toContain(CONTENT.slice(0, 6));
  });

  it.each([
    ['data', CONTENT],
    ['expiresAt', END_OF_DATES + 1],
    ['generation', -1],
    ['attempts', -1],
    ['verifier', CONTENT],
  ])(
    'for its %s costs a guest as many statements as an unknown one, and is not written',
    async (column, value) => {
      for (const password of [undefined, 'I love Paris']) {
        const { credentials } = (await spoilt(column, value, { password }))!;
        const row = await rawRow(office.dataSource, credentials.uuid);
        const unknown = await during(() => authenticate(UNKNOWN, credentials.password));
        expect(await during(() => authenticate(credentials.uuid, credentials.password))).toEqual(unknown);
        expect(await rawRow(office.dataSource, credentials.uuid)).toEqual(row);
      }
    },
  );

  it('for its verifier gets a new secret by reissue(), and works again', async () => {
    const { uuid } = (await spoilt('verifier', 'scrypt$AAAAAAAA$xyz', { data: { firstName: 'Léonard' } }))!
      .credentials;
    const { credentials, ticket } = await office.tickets.reissue(uuid);
    expect(ticket.data).toEqual({ firstName: 'Léonard' });
    expect(await authenticate(uuid, credentials.password)).toEqual(ticket);
  });

  it.each([
    ['data', CONTENT],
    ['createdAt', END_OF_DATES + 1],
    ['generation', -1],
  ])('for its %s gets no new secret: that would open nothing', async (column, value) => {
    const { uuid } = (await spoilt(column, value))!.credentials;
    const row = await rawRow(office.dataSource, uuid);
    const refused = await error(office.tickets.reissue(uuid));
    expect(refused).toBeInstanceOf(TicketInputError);
    expect(String(refused)).toMatch(new RegExp(`reissue\\(\\): .*${uuid} .*${column}`));
    expect(String(refused)).not.toContain(CONTENT);
    expect(await rawRow(office.dataSource, uuid)).toEqual(row);
  });

  it('shows an instant beyond the end of dates as the last one, whose status is the one of list()', async () => {
    for (const [instant, date, status] of [
      [END_OF_DATES + 1, END_OF_DATES, 'valid'],
      [-END_OF_DATES - 1, -END_OF_DATES, 'expired'],
    ] as const) {
      const { uuid } = (await spoilt('expiresAt', instant, { subject: `ends ${status}` }))!.credentials;
      expect((await office.tickets.find(uuid))!.expiresAt).toEqual(new Date(date));
      const [listed] = await office.tickets.list({ subject: `ends ${status}`, status });
      expect(listed?.status()).toBe(status);
    }
  });

  it('is read by a query of the app’s own, too', async () => {
    const { uuid } = (await spoilt('data', CONTENT))!.credentials;
    await ruin(office.dataSource, uuid, 'expiresAt', END_OF_DATES + 1);
    const ticket = await office.dataSource.getRepository(Ticket).findOneByOrFail({ uuid });
    expect(ticket).toMatchObject({ data: null, expiresAt: new Date(END_OF_DATES) });
  });
});

eachDatabase('[A-8] A row that looks odd', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  const issue = (input: object = {}) => office.tickets.issue({ ...visit, ...input });
  const authenticate = ({ uuid, password }: { uuid: string; password: string }, { tickets } = office) =>
    tickets.authenticate({ uuid, password }, 'louvre', 'visit');

  it.each([
    ['data', '[1,"two"]', { data: [1, 'two'] }],
    ['data', ' "text" ', { data: 'text' }],
    ['data', '0', { data: 0 }],
    ['data', 'null', { data: null }],
    ['expiresAt', END_OF_DATES, { expiresAt: new Date(END_OF_DATES) }],
    ['createdAt', -END_OF_DATES, { createdAt: new Date(-END_OF_DATES) }],
    ['createdAt', 0, { createdAt: new Date(0) }],
    ['claimedAt', 1, {}],
  ])('admits as long as it can be read: %s %j', async (column, value, fields) => {
    const { credentials, ticket } = await issue();
    await rewriteRow(office.dataSource, credentials.uuid, { [column]: value });
    const admitted = await authenticate(credentials);
    expect(admitted).toEqual(Object.assign(ticket, fields));
    await (await office.tickets.claim(admitted)).stamp();
  });

  it('is read whatever type the driver has for numbers', async () => {
    undoParseInt8();
    const other = await startOffice(database, {}, NUMBERS[database.type]);
    const { credentials, ticket } = await issue({ password: 'I love Paris' });
    const admitted = await authenticate(credentials, other);
    expect(admitted).toEqual(ticket);
    expect(await other.tickets.list({ limit: 1000 })).toContainEqual(ticket);
    await (await other.tickets.claim(admitted)).stamp();
  });

  describe.each([null, '10m'])('has a claim without its instant, which, with abandonedAfter %j,', (after) => {
    it('keeps it closed, is listed, and is freed by reopen()', async () => {
      const abandonedAfter = after as '10m' | null;
      const { tickets, dataSource } = await startOffice(database, { abandonedAfter });
      const { credentials } = await tickets.issue({ ...visit, subject: `closed ${after}` });
      const ticket = await tickets.authenticate(credentials, 'louvre', 'visit');
      for (const claimedAt of [null, -9.2e15]) {
        const claim = await tickets.claim(ticket);
        await rewriteRow(dataSource, ticket.uuid, { claimedAt });
        const refused = claimedAt === null ? TicketBusyError : CredentialsError;
        await expect(tickets.claim(ticket)).rejects.toThrow(refused);
        await expect(tickets.redeem(ticket, 'louvre', 'visit', () => {})).rejects.toThrow(refused);
        const listed = await tickets.list({ status: 'claimed', subject: `closed ${after}` });
        expect(listed.map(({ uuid }) => uuid)).toEqual([ticket.uuid]);
        expect(await tickets.reopen(ticket.uuid)).toBe(true);
        await expect(claim.stamp()).rejects.toThrow(TicketBusyError);
      }
      await (await tickets.claim(ticket)).stamp();
    });
  });
});

eachDatabase('[A-8] A row whose uuid is none', (database) => {
  it('is nobody’s ticket: the list goes on without it', async () => {
    const { tickets, dataSource } = await startOffice(database);
    const uuids: string[] = [];
    for (let number = 0; number < 7; number += 1) uuids.push((await tickets.issue(visit)).ticket.uuid);
    const names = ['', CONTENT, uuids[0]!.replace(/.$/, 'X'), '~'.repeat(36)];
    for (const name of names) {
      const { uuid } = (await tickets.issue(visit)).ticket;
      expect(await ruin(dataSource, uuid, 'uuid', name)).toBe(true);
    }
    // SQLite keeps it as it is, and sorts it after all text.
    await ruin(dataSource, (await tickets.issue(visit)).ticket.uuid, 'uuid', Buffer.from('blob'));
    const logged = captureLog();
    for (const limit of [1, 2, 3, 7, 8, 100]) {
      const seen: string[] = [];
      for (let page = await tickets.list({ limit }); page.length > 0;) {
        seen.push(...page.map(({ uuid }) => uuid));
        page = page.length < limit ? [] : await tickets.list({ limit, after: seen.at(-1) });
      }
      expect(seen).toEqual(uuids.toSorted());
    }
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(CONTENT);
  });
});

oneDatabase('[A-8] The log of rows that cannot be read', (database) => {
  it('has one line for each, however often a stranger asks, and an end', async () => {
    const { tickets, dataSource } = await startOffice(database);
    const uuids: string[] = [];
    for (let number = 0; number < 120; number += 1) {
      const { uuid } = (await tickets.issue(visit)).ticket;
      uuids.push(uuid);
      await rewriteRow(dataSource, uuid, { data: CONTENT });
    }
    const logged = captureLog();
    const shown = { uuid: uuids[0]!, password: `tkt_${'a'.repeat(43)}` };
    for (let time = 0; time < 20; time += 1) await error(tickets.authenticate(shown, 'louvre', 'visit'));
    expect(logged.map(({ level }) => level)).toEqual(['warn']);
    await tickets.list({ limit: 1000 });
    await tickets.list({ limit: 1000 });
    expect(logged).toHaveLength(101);
    expect(logged.at(-1)!.text).toMatch(/100 rows/);
    expect(isFirst(database)).toBe(true);
  });
});
