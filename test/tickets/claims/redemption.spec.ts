import {
  CredentialsError,
  Ticket,
  TicketBusyError,
  TicketExpiredError,
  TicketInputError,
  TicketRevokedError,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RedemptionWork } from '../../../lib/tickets/claims/redemption.js';
import { generateSecret } from '../../../lib/tickets/secrets/secret.js';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { isStamp } from '../../support/statement-kinds.js';
import { StatementLog } from '../../support/statement-log.js';
import { startOffice, rawRow, rewriteRow, type TicketOffice } from '../../support/office.js';
import { Visit, visitsOf, writeVisit } from '../../support/visits.js';

const visit = { place: 'louvre', purpose: 'visit' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

eachDatabase('redeem()', (database) => {
  const clock = new TestClock();
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now }, { entities: [Visit], logger: log });
  });

  const issue = async (input: object = {}) =>
    (await office.tickets.issue({ ...visit, ...input })).credentials;
  const admitted = async (input: object = {}) =>
    office.tickets.authenticate(await issue(input), 'louvre', 'visit');
  const redeem = <R>(shown: unknown, work: RedemptionWork<unknown, R>) =>
    office.tickets.redeem(shown as Ticket, 'louvre', 'visit', work);
  const row = (uuid: string) => rawRow(office.dataSource, uuid);
  const visits = (uuid: string) => visitsOf(office.dataSource, uuid);
  const write = ({ uuid }: Ticket, manager: EntityManager) => writeVisit(manager, uuid);

  it('hands the work the ticket, and returns what the work returns', async () => {
    const credentials = await issue({ data: { firstName: 'Léonard' } });
    const greeting = office.tickets.redeem<{ firstName: string }, string>(
      credentials,
      'louvre',
      'visit',
      async (ticket) => `${ticket instanceof Ticket ? 'Ticket' : 'Nothing'} of ${ticket.data.firstName}`,
    );
    expect(await greeting).toBe('Ticket of Léonard');
    expect(await redeem(await issue(), () => undefined)).toBeUndefined();
    expect(await redeem(await issue(), () => 0)).toBe(0);
  });

  it('shows neither the work nor the stamp to others before both are written', async () => {
    const credentials = await issue();
    const { uuid } = credentials;
    clock.advance('1s');
    await redeem(credentials, async (ticket, manager) => {
      await write(ticket, manager);
      expect(await manager.countBy(Visit, { uuid })).toBe(1);
      expect(await visits(uuid)).toBe(0);
      expect((await office.tickets.find(uuid))?.used).toBe(false);
    });
    expect(await visits(uuid)).toBe(1);
    expect((await office.tickets.find(uuid))?.usedAt).toEqual(clock.now());
  });

  it('keeps what the work did not undo in transactions of its own', async () => {
    const credentials = await issue();
    await redeem(credentials, async (ticket, manager) => {
      await manager.transaction((nested) => write(ticket, nested));
      const undone = manager.transaction(async (nested) => {
        await write(ticket, nested);
        throw new Error('not this one');
      });
      await expect(undone).rejects.toThrow('not this one');
    });
    expect(await visits(credentials.uuid)).toBe(1);
    expect((await office.tickets.find(credentials.uuid))?.used).toBe(true);
  });

  const leakyRoof = new Error('The roof leaks');
  const failures: [string, unknown, () => unknown][] = [
    ['throws', leakyRoof, () => raise(leakyRoof)],
    ['rejects', leakyRoof, () => Promise.reject(leakyRoof)],
    ['throws a text', 'The roof leaks', () => raise('The roof leaks')],
    ['throws an object', { roof: 'leaks' }, () => raise({ roof: 'leaks' })],
    ['throws null', null, () => raise(null)],
    ['rejects with undefined', undefined, () => Promise.reject(undefined)],
    ['rejects with 0', 0, () => Promise.reject(0)],
  ];
  it.each(failures)(
    '[R-7] undoes work and stamp when the work %s, and lets that out',
    async (_, what, fail) => {
      const credentials = await issue();
      const { uuid } = credentials;
      const before = await row(uuid);
      const failing = redeem(credentials, async (ticket, manager) => {
        await write(ticket, manager);
        await fail();
      });
      expect(await failing.then(() => 'success').catch((error: unknown) => ({ error }))).toEqual({
        error: what,
      });
      expect(await row(uuid)).toEqual(before);
      expect(await visits(uuid)).toBe(0);
      await redeem(credentials, write);
      expect(await visits(uuid)).toBe(1);
      expect((await office.tickets.find(uuid))?.used).toBe(true);
    },
  );

  it('[R-7] lets the very error out', async () => {
    const failing = redeem(await issue(), () => raise(leakyRoof));
    expect(await failing.catch((error: unknown) => error)).toBe(leakyRoof);
  });

  it('[R-7] lets an error of the database out as the work has met it', async () => {
    const credentials = await issue();
    let met: unknown;
    const failing = redeem(credentials, (_, manager) =>
      manager.query('SELECT * FROM nowhere').catch((error: unknown) => {
        met = error;
        throw error;
      }),
    );
    expect(await failing.catch((error: unknown) => error)).toBe(met);
    expect((met as Error).message).toContain('nowhere');
    await redeem(credentials, write);
  });

  it('takes credentials, a human password, or a ticket that was admitted or found', async () => {
    const human = await issue({ password: 'I love Paris' });
    const { uuid, password } = await issue();
    for (const shown of [
      human,
      { uuid: uuid.toUpperCase(), password },
      await admitted(),
      await office.tickets.find((await issue()).uuid),
    ]) {
      expect(await redeem(shown, ({ place }) => place)).toBe('louvre');
      await expect(redeem(shown, write)).rejects.toThrow(TicketUsedError);
    }
  });

  describe('[R-19] runs no work', () => {
    const refused = async (shown: unknown, reason: new (...given: never[]) => Error, uuid: string) => {
      const before = await row(uuid);
      let runs = 0;
      await expect(redeem(shown, () => (runs += 1))).rejects.toThrow(reason);
      expect(runs).toBe(0);
      expect(await row(uuid)).toEqual(before);
    };

    it('for another place or purpose, whatever is presented', async () => {
      const [credentials, ticket] = [await issue(), await admitted()];
      for (const [place, purpose] of [
        ['orsay', 'visit'],
        ['louvre', 'theft'],
        ['Louvre', 'visit'],
        ['louvre', 'visit '],
      ] as const) {
        let runs = 0;
        const elsewhere = (shown: Ticket | typeof credentials) =>
          office.tickets.redeem(shown, place, purpose, () => (runs += 1));
        await expect(elsewhere(credentials)).rejects.toThrow(CredentialsError);
        await expect(elsewhere(ticket)).rejects.toThrow(CredentialsError);
        expect(runs).toBe(0);
      }
    });

    it('for a wrong secret', async () => {
      const { uuid, password } = await issue();
      await refused({ uuid, password: generateSecret() }, CredentialsError, uuid);
      await refused({ uuid: UNKNOWN, password }, CredentialsError, uuid);
      await refused({ uuid }, CredentialsError, uuid);
    });

    it.each<[string, (ticket: Ticket) => Promise<unknown>, new (...given: never[]) => Error]>([
      ['used', (ticket) => redeem(ticket, write), TicketUsedError],
      ['claimed', (ticket) => office.tickets.claim(ticket), TicketBusyError],
      ['revoked', ({ uuid }) => office.tickets.revoke(uuid), TicketRevokedError],
      ['expired', async () => clock.advance('25h'), TicketExpiredError],
      ['reissued', ({ uuid }) => office.tickets.reissue(uuid), CredentialsError],
      ['moved', ({ uuid }) => rewriteRow(office.dataSource, uuid, { place: 'Louvre' }), CredentialsError],
      [
        'moved by a space',
        ({ uuid }) => rewriteRow(office.dataSource, uuid, { purpose: 'visit ' }),
        CredentialsError,
      ],
    ])('on a ticket that was %s after the guest was admitted', async (_, happens, reason) => {
      const ticket = await admitted();
      await happens(ticket);
      await refused(ticket, reason, ticket.uuid);
    });

    it('on a ticket that is gone', async () => {
      const ticket = await admitted();
      await office.dataSource.manager.delete(Ticket, { uuid: ticket.uuid });
      await expect(redeem(ticket, write)).rejects.toThrow(CredentialsError);
      expect(await visits(ticket.uuid)).toBe(0);
    });
  });

  it('[LC-1] is in time one millisecond before the expiry, and not at it', async () => {
    const [one, other] = [await admitted({ expiresIn: '5m' }), await admitted({ expiresIn: '5m' })];
    clock.advance(5 * 60_000 - 1);
    await redeem(one, write);
    clock.advance(1);
    await expect(redeem(other, write)).rejects.toThrow(TicketExpiredError);
  });

  const noWork = [undefined, null, 'write', {}, Promise.resolve()];
  it.each(noWork)('[M-4] names the fault when the work is %s, before any query', async (work) => {
    const credentials = await issue();
    const queries = await log.during(async () => {
      const call = redeem(credentials, work as never);
      await expect(call).rejects.toThrow(TicketInputError);
      await expect(call).rejects.toThrow(/^redeem\(\): work must be a function/);
    });
    expect(queries).toEqual([]);
  });

  it.each([
    ['', 'visit'],
    ['louvre', ''],
    [undefined, 'visit'],
    ['louvre', 42],
    ['x'.repeat(101), 'visit'],
    [['louvre'], 'visit'],
  ])('[M-4] names the fault of a place and purpose like %j, %j, before any query', async (place, purpose) => {
    const ticket = await admitted();
    const queries = await log.during(async () => {
      const call = office.tickets.redeem(ticket, place as string, purpose as string, write);
      await expect(call).rejects.toThrow(TicketInputError);
      await expect(call).rejects.toThrow(/^redeem\(\): (place|purpose) /);
    });
    expect(queries).toEqual([]);
  });

  it('[M-4] is not for a copy of a ticket, nor for one of the app’s own query', async () => {
    const ticket = await admitted();
    const own = await office.dataSource.manager.findOneByOrFail(Ticket, { uuid: ticket.uuid });
    for (const copy of [Object.assign(new Ticket(), ticket), Object.create(ticket) as unknown, own]) {
      const queries = await log.during(() => expect(redeem(copy, write)).rejects.toThrow(TicketInputError));
      expect(queries).toEqual([]);
    }
    // oxlint-disable-next-line typescript/no-misused-spread -- what an app may do
    await expect(redeem({ ...ticket }, write)).rejects.toThrow(CredentialsError);
  });

  it('begins with the stamp, and ends with the commit', async () => {
    const ticket = await admitted();
    const statements = await log.during(() => redeem(ticket, write));
    const begin = statements.findIndex((sql) => /^(BEGIN|START) TRANSACTION$/.test(sql));
    const commit = statements.indexOf('COMMIT');
    expect(statements[begin + 1]).toSatisfy(isStamp);
    const writes = statements.filter((sql) => /^(INSERT|UPDATE|DELETE)/.test(sql));
    expect(writes.map((sql) => [sql.split(' ')[0], statements.indexOf(sql) < commit])).toEqual([
      ['UPDATE', true],
      ['INSERT', true],
    ]);
  });
});

function raise(what: unknown): never {
  throw what;
}
