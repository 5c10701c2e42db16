import { TicketInputError, type CountInput } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { allowNulls, type Garbage, ruin } from '../support/ruin.js';
import { StatementLog } from '../support/statement-log.js';

eachDatabase('count()', (database) => {
  const clock = new TestClock();
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now }, { logger: log });
    await allowNulls(office.dataSource);
  });

  const issue = async (input: object = {}) => {
    clock.advance(1);
    return (await office.tickets.issue({ place: 'louvre', purpose: 'visit', ...input })).ticket;
  };
  const count = (input?: CountInput) => office.tickets.count(input);
  /** What pages of list() have together. */
  const listed = async (input: CountInput = {}) => {
    let all = 0;
    for (let after: string | undefined; ;) {
      const page = await office.tickets.list({ ...input, after, limit: 3 });
      all += page.length;
      if (page.length < 3) return all;
      after = page.at(-1)!.uuid;
    }
  };

  it('is 0, a number, where there is none', async () => {
    expect(await count()).toBe(0);
    expect(await count({ place: 'nowhere', status: 'valid' })).toBe(0);
  });

  it('counts what list() lists, for each filter and all of them together', async () => {
    await issue({ place: 'orsay', subject: 7 });
    await issue({ place: 'orsay', purpose: 'report', subject: '7' });
    await issue({ place: 'Orsay ', subject: '7 ' });
    const used = await issue({ place: 'orsay', subject: 7 });
    await (await office.tickets.claim(used)).stamp();
    await office.tickets.claim(await issue({ place: 'orsay', subject: 8 }));
    await office.tickets.revoke((await issue({ place: 'orsay', expiresIn: '1m' })).uuid);
    await issue({ place: 'orsay', expiresIn: '1m' });
    clock.advance('1h');
    const filters: [CountInput, number][] = [
      [{}, 7],
      [{ place: 'orsay' }, 6],
      [{ place: 'orsay', purpose: 'visit' }, 5],
      [{ subject: 7 }, 3],
      [{ subject: '7 ' }, 1],
      [{ place: 'orsay', purpose: 'visit', subject: 7, status: 'used' }, 1],
      [{ status: 'valid' }, 4],
      [{ status: ['used', 'revoked', 'expired'] }, 3],
      [{ status: ['claimed', 'valid'] }, 4],
      [{ status: ['claimed', 'locked'] }, 1],
      [{ place: 'orsay', status: ['used', 'used'] }, 1],
    ];
    for (const [filter, wanted] of filters) {
      expect(await count(filter)).toBe(wanted);
      expect(await listed(filter)).toBe(wanted);
    }
  });

  it.each<[string, Garbage]>([
    ['in capitals', '0190A0B0-C0D0-7E0F-8A1B-2C3D4E5F6071'],
    ['without hyphens', '0190a0b0c0d07e0f8a1b2c3d4e5f6071'],
    ['of other characters', '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f607g'],
    ['with a hyphen too many', '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f607-'],
    ['with its hyphens elsewhere', '0190a0b-0c0d0-7e0f-8a1b-2c3d4e5f6071'],
    ['that is too short', '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f607'],
    ['that is empty', ''],
    ['and a line break', '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071\n'],
    ['and a NUL', '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071\0'],
    ['in bytes', Buffer.from('0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071')],
    ['that is NULL', null],
  ])('[A-8] leaves out what list() leaves out: a row with a uuid %s', async (_, uuid) => {
    const place = `odd ${String(uuid).length} ${typeof uuid}`;
    await issue({ place });
    const odd = await issue({ place });
    await issue({ place });
    await ruin(office.dataSource, odd.uuid, 'uuid', uuid);
    expect(await count({ place })).toBe(await listed({ place }));
    expect(await count()).toBe(await listed());
  });

  it('[A-8] counts a row that cannot be read otherwise, as list() lists it', async () => {
    const { uuid } = await issue({ place: 'ruined' });
    await ruin(office.dataSource, uuid, 'data', '{"firstName":');
    expect(await listed({ place: 'ruined' })).toBe(1);
    expect(await count({ place: 'ruined', status: 'valid' })).toBe(1);
  });

  it.each(['place', 'purpose', 'subject', 'status'])(
    '[F-8] takes an undefined %s for no filter never, and names it, before any query',
    async (field) => {
      const queries = await log.during(async () => {
        const call = count({ place: 'louvre', purpose: 'visit', [field]: undefined });
        await expect(call).rejects.toThrow(TicketInputError);
        await expect(call).rejects.toThrow(`count(): ${field} must have a value, not undefined`);
      });
      expect(queries).toEqual([]);
    },
  );

  it.each<[object | null, RegExp]>([
    [null, /must be an object/],
    [{ place: '' }, /place/],
    [{ subject: 1.5 }, /subject/],
    [{ status: [] }, /status/],
    [{ status: 'stale' }, /status must be one of used, revoked, expired, valid, claimed, locked/],
    [{ limit: 10 }, /'limit' is unknown/],
    [{ after: '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071' }, /'after' is unknown/],
  ])('[M-4] names the fault of %j before any query', async (input, fault) => {
    const queries = await log.during(async () => {
      const call = count(input as CountInput);
      await expect(call).rejects.toThrow(TicketInputError);
      await expect(call).rejects.toThrow(/^count\(\): /);
      await expect(call).rejects.toThrow(fault);
    });
    expect(queries).toEqual([]);
  });
});
