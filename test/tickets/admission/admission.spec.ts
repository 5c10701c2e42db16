import {
  CredentialsError,
  Ticket,
  TicketExpiredError,
  TicketInputError,
  TicketRevokedError,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateSecret } from '../../../lib/tickets/secrets/secret.js';
import { TestClock } from '../../support/clock.js';
import { eachDatabase, isFirst, oneDatabase } from '../../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const KINDS: [string, string | undefined][] = [
  ['a generated secret', undefined],
  // On the first database: guess.limit.spec.ts has what the others could make of it.
  ['a human password', 'I love Paris'],
];

const error = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (reason: unknown) => reason,
  );

eachDatabase('authenticate()', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
  });

  const authenticate = (credentials: object, place = 'louvre', purpose = 'visit') =>
    office.tickets.authenticate(credentials as never, place, purpose);

  describe.each(isFirst(database) ? KINDS : KINDS.slice(0, 1))('by %s', (_, password) => {
    const issue = (input: object = {}) => office.tickets.issue({ ...visit, password, ...input });
    const wrong = password === undefined ? generateSecret() : 'I love London';

    it('hands out the ticket, and uses nothing up', async () => {
      const { ticket, credentials } = await issue({ subject: 'order 7', data: { a: [1] } });
      const before = await rawRow(office.dataSource, ticket.uuid);
      expect(await authenticate(credentials)).toBeInstanceOf(Ticket);
      expect(await authenticate({ uuid: credentials.uuid, password: credentials.password })).toEqual(ticket);
      expect(await rawRow(office.dataSource, ticket.uuid)).toEqual(before);
    });

    it('[C-5] takes the name in other spellings', async () => {
      const { uuid, password: secret } = (await issue()).credentials;
      for (const spelling of [uuid.toUpperCase(), uuid.replaceAll('-', '')]) {
        expect((await authenticate({ uuid: spelling, password: secret })).uuid).toBe(uuid);
      }
      for (const spelling of [`{${uuid}}`, `urn:uuid:${uuid}`, ` ${uuid}`, `${uuid}\0`]) {
        const refused = authenticate({ uuid: spelling, password: secret });
        await expect(refused).rejects.toThrow(CredentialsError);
      }
    });

    it('[G-5] refuses all that is wrong by one and the same error', async () => {
      const { credentials } = await issue();
      const { uuid, password: right } = credentials;
      const used = await issue();
      await (await office.tickets.claim(await authenticate(used.credentials))).stamp();
      const errors = await Promise.all([
        ...[
          { uuid, password: wrong },
          { uuid: UNKNOWN, password: right },
          { uuid: 'x', password: right },
        ].map((shown) => error(authenticate(shown))),
        error(authenticate({ uuid: used.credentials.uuid, password: wrong })),
        error(authenticate(credentials, 'orsay')),
        error(authenticate(credentials, 'louvre', 'dinner')),
        error(authenticate(credentials, 'visit', 'louvre')),
      ]);
      for (const refused of errors) {
        expect(refused).toBeInstanceOf(CredentialsError);
        const { message, code, ...rest } = refused as CredentialsError;
        expect({ message, code, ...rest }).toEqual({
          message: 'This link or code is not valid here.',
          code: 'TICKET_INVALID',
          name: 'CredentialsError',
        });
      }
      expect((await authenticate(credentials)).uuid).toBe(uuid);
    });

    it.each([
      [undefined],
      [null],
      ['uuid:password'],
      [{}],
      [{ uuid: '' }],
      [{ uuid: '', password: '' }],
      [{ uuid: ['x'], password: { y: 1 } }],
    ])('[C-8] refuses %j', async (shown) => {
      await expect(authenticate(shown as object)).rejects.toThrow(CredentialsError);
    });

    it('[C-9] refuses the right name without a password', async () => {
      const { uuid } = (await issue()).credentials;
      for (const nothing of [undefined, null, '', [], 0, false, {}]) {
        await expect(authenticate({ uuid, password: nothing })).rejects.toThrow(CredentialsError);
      }
      await expect(authenticate({ uuid })).rejects.toThrow(CredentialsError);
    });

    it('lets a holder, and no stranger, know that the ticket is used', async () => {
      const { credentials, ticket } = await issue();
      await (await office.tickets.claim(await authenticate(credentials))).stamp();
      const refused = await error(authenticate(credentials));
      expect(refused).toBeInstanceOf(TicketUsedError);
      expect((refused as TicketUsedError).usedAt).toEqual(clock.now());
      await expect(authenticate({ uuid: credentials.uuid, password: wrong })).rejects.toThrow(
        CredentialsError,
      );
      await expect(authenticate(credentials, 'orsay')).rejects.toThrow(CredentialsError);
      expect((await office.tickets.find(ticket.uuid))?.usedAt).toEqual(clock.now());
    });

    it('lets a holder, and no stranger, know that the ticket is revoked', async () => {
      const { credentials } = await issue();
      expect(await office.tickets.revoke(credentials.uuid)).toBe(true);
      const refused = await error(authenticate(credentials));
      expect(refused).toBeInstanceOf(TicketRevokedError);
      expect((refused as TicketRevokedError).revokedAt).toEqual(clock.now());
      await expect(authenticate({ uuid: credentials.uuid, password: wrong })).rejects.toThrow(
        CredentialsError,
      );
      await expect(authenticate(credentials, 'orsay')).rejects.toThrow(CredentialsError);
    });

    it('[LC-1] admits one millisecond before the expiry, and not at it nor after', async () => {
      const { credentials, ticket } = await issue({ expiresIn: '5m' });
      clock.advance(5 * 60_000 - 1);
      expect((await authenticate(credentials)).uuid).toBe(ticket.uuid);
      for (let millisecond = 0; millisecond < 2; millisecond += 1) {
        clock.advance(1);
        const refused = await error(authenticate(credentials));
        expect(refused).toBeInstanceOf(TicketExpiredError);
        expect((refused as TicketExpiredError).expiresAt).toEqual(ticket.expiresAt);
        await expect(authenticate({ uuid: credentials.uuid, password: wrong })).rejects.toThrow(
          CredentialsError,
        );
      }
    });
  });
});

oneDatabase('authenticate()', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  const authenticate = (uuid: string, password: string) =>
    office.tickets.authenticate({ uuid, password }, 'louvre', 'visit');

  it('[C-6] takes a password composed or decomposed, and no look-alike', async () => {
    for (const [typed, shown] of [
      ['caf\u00e9', 'cafe\u0301'],
      ['cafe\u0301', 'caf\u00e9'],
    ] as const) {
      const { uuid } = (await office.tickets.issue({ ...visit, password: typed })).credentials;
      expect((await authenticate(uuid, shown)).uuid).toBe(uuid);
      for (const other of ['cafe', 'Caf\u00e9', 'caf\u00e9 ', 'caf\u00e8', 'ｃaf\u00e9', 'caf\u00e9\0']) {
        await expect(authenticate(uuid, other)).rejects.toThrow(CredentialsError);
      }
    }
  });

  it.each([
    ['', 'visit'],
    ['louvre', ''],
    [undefined, 'visit'],
    ['louvre', null],
    [['louvre'], 'visit'],
    ['x'.repeat(101), 'visit'],
  ])('[M-4] needs a place and a purpose, and (%j, %j) are none', async (place, purpose) => {
    const { credentials } = await office.tickets.issue(visit);
    const asked = office.tickets.authenticate(credentials, place as string, purpose as string);
    await expect(asked).rejects.toThrow(TicketInputError);
    await expect(asked).rejects.toThrow(/^authenticate\(\): (place|purpose) must be/);
  });
});
