import { type Ticket, TicketInputError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ListInput } from '../../lib/tickets/input/list.input.js';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { StatementLog } from '../support/statement-log.js';
import { startOffice, type TicketOffice } from '../support/office.js';

eachDatabase('list()', (database) => {
  const clock = new TestClock();
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now }, { logger: log });
  });

  const issueNow = async (input: object = {}) =>
    (await office.tickets.issue({ place: 'louvre', purpose: 'visit', ...input })).ticket;
  /** A millisecond after all others. */
  const issue = async (input?: object) => {
    clock.advance(1);
    return issueNow(input);
  };
  const list = (input: object) => office.tickets.list(input);
  const names = async (input: object) => (await list(input)).map(({ uuid }) => uuid);
  const namesOf = (...tickets: Ticket[]) => tickets.map(({ uuid }) => uuid);

  it('finds by place, purpose and subject, each and together', async () => {
    const one = await issue({ place: 'orsay', purpose: 'visit', subject: 'user 1' });
    const two = await issue({ place: 'orsay', purpose: 'report', subject: 'user 1' });
    const three = await issue({ place: 'orsay', purpose: 'visit', subject: 'user 2' });
    await issue({ place: 'orangerie', purpose: 'visit' });
    expect(await names({ place: 'orsay' })).toEqual(namesOf(one, two, three));
    expect(await names({ place: 'orsay', purpose: 'visit' })).toEqual(namesOf(one, three));
    expect(await names({ subject: 'user 1' })).toEqual(namesOf(one, two));
    expect(await names({ place: 'orsay', purpose: 'visit', subject: 'user 2' })).toEqual(namesOf(three));
    expect(await names({ place: 'orsay', subject: 'user 3' })).toEqual([]);
  });

  it.each([42, 0, -7, Number.MAX_SAFE_INTEGER])(
    'takes the subject %d for its text, when it is issued and when it is looked for',
    async (subject) => {
      const number = await issue({ place: 'numbers', subject });
      const text = await issue({ place: 'numbers', subject: String(subject) });
      await issue({ place: 'numbers', subject: `${subject}.0` });
      expect(number.subject).toBe(String(subject));
      expect(await names({ subject })).toEqual(namesOf(number, text));
      expect(await names({ place: 'numbers', subject: String(subject) })).toEqual(namesOf(number, text));
    },
  );

  it('hands over whole tickets, which can be claimed, without the internals', async () => {
    const ticket = await issue({ place: 'whole', subject: 'user 7', data: { firstName: 'Léonard' } });
    const [listed] = await office.tickets.list<{ firstName: string }>({ place: 'whole' });
    expect(listed).toEqual(ticket);
    expect(listed!.data.firstName).toBe('Léonard');
    expect(Object.keys(listed!).toSorted()).toEqual(Object.keys(ticket).toSorted());
    await (await office.tickets.claim(listed!)).stamp();
  });

  it.each([
    ['case', 'Musée', 'musée'],
    ['accents', 'Musée', 'Musee'],
    ['a space at the end', 'Musée', 'Musée '],
    ['an invisible character', 'Musée', 'Musée\u200b'],
    ['emoji', '🖼️', '🗿'],
    ['composition', 'Mus\u00e9e', 'Muse\u0301e'],
    ['ß', 'Straße', 'Strasse'],
  ])('[S-3] tells texts apart by %s', async (_, wanted, other) => {
    for (const field of ['place', 'purpose', 'subject']) {
      const unique = { subject: `only ${field} ${wanted}`, [field]: wanted };
      await issue({ ...unique, [field]: other });
      const ticket = await issue(unique);
      const found = await list({ [field]: wanted, limit: 1000 });
      expect(found.map(({ uuid }) => uuid)).toContain(ticket.uuid);
      for (const each of found) expect(each).toMatchObject({ [field]: wanted });
    }
  });

  it.each([
    "' OR '1'='1",
    "'; DROP TABLE ticket_office_ticket; --",
    '%',
    '_',
    '\\',
    '"',
    '`',
    '$1',
    ':uuid',
    '?',
  ])('[ST-1] takes %j in a filter as text', async (text) => {
    const ticket = await issue({ place: text, purpose: text, subject: text });
    await issue({ place: 'x', purpose: 'x', subject: 'x' });
    const found = await list({ place: text, purpose: text, subject: text });
    expect(found).toEqual([ticket]);
  });

  it.each(["' OR '1'='1", "00000000-0000-7000-8000-000000000000' OR 1=1 --", '%', "'); DELETE FROM x; --"])(
    '[ST-1] takes %j for no cursor, before any query',
    async (after) => {
      const queries = await log.during(async () => {
        await expect(list({ after })).rejects.toThrow(TicketInputError);
      });
      expect(queries).toEqual([]);
    },
  );

  describe('pages', () => {
    const place = 'paged';
    let all: string[];
    beforeAll(async () => {
      all = [];
      // Most of them within one millisecond.
      for (let number = 0; number < 23; number += 1) {
        if (number % 8 === 0) clock.advance(1);
        all.push((await issueNow({ place })).uuid);
      }
      all.sort();
    });

    const paged = async (
      limit: number,
      between: (page: string[]) => Promise<unknown> = async () => {},
      order?: 'newest',
    ) => {
      const seen: string[] = [];
      for (let pages = 0; pages <= 2 * all.length; pages += 1) {
        const page = await names({ place, limit, after: seen.at(-1), order });
        seen.push(...page);
        if (page.length < limit) return seen;
        await between(page);
      }
      throw new Error('There is no end to the pages');
    };

    it('are in the order of issue, to the millisecond', async () => {
      const created = (await list({ place })).map(({ createdAt }) => createdAt.getTime());
      expect(created).toEqual(created.toSorted((a, b) => a - b));
      expect(new Set(created).size).toBe(3);
    });

    it.each([1, 2, 7, 22, 23, 24])('of %i hold every ticket once', async (limit) => {
      expect(await paged(limit)).toEqual(all);
    });

    it.each([1, 7, 23, 24])('of %i hold every ticket once, the newest first', async (limit) => {
      expect(await paged(limit, undefined, 'newest')).toEqual(all.toReversed());
    });

    it('begin with the oldest, where the order is spelled out, or undefined', async () => {
      expect(await names({ place, order: 'oldest' })).toEqual(all);
      expect(await names({ place, order: undefined })).toEqual(all);
    });

    it('hold every ticket once, the newest first, though others come and go meanwhile', async () => {
      const [added, gone]: [string[], string[]] = [[], []];
      const seen = await paged(
        5,
        async (page) => {
          added.push((await issue({ place })).uuid);
          // The last of the page, which the next one goes on after, and another.
          gone.push(page[4]!, page[2]!);
          for (const uuid of gone)
            await office.dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${uuid}'`);
        },
        'newest',
      );
      expect(seen).toEqual(all.toReversed());
      expect(await names({ place, order: 'newest', limit: added.length })).toEqual(added.toReversed());
      all = await names({ place });
    });

    it('leave out rows without a uuid of ours in either order, and go on', async () => {
      const odds = 'odd rows';
      const named: string[] = [];
      const odd: string[] = [];
      for (let number = 0; number < 12; number += 1)
        (number % 3 === 1 ? odd : named).push((await issue({ place: odds })).uuid);
      for (const uuid of odd)
        await office.dataSource.query(
          `UPDATE ticket_office_ticket SET uuid = '${uuid.toUpperCase()}' WHERE uuid = '${uuid}'`,
        );
      for (const order of ['oldest', 'newest'] as const) {
        const wanted = order === 'newest' ? named.toReversed() : named;
        const first = await names({ place: odds, order, limit: 3 });
        const second = await names({ place: odds, order, limit: 5, after: first.at(-1) });
        expect([...first, ...second]).toEqual(wanted);
      }
    });

    it('hold every ticket once though others come and go meanwhile', async () => {
      const added: string[] = [];
      const seen = await paged(5, async (page) => {
        added.push((await issue({ place })).uuid);
        await office.dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${page[2]}'`);
      });
      expect(seen.slice(0, all.length)).toEqual(all);
      expect(new Set(seen).size).toBe(seen.length);
      expect(await names({ place, after: added.at(-1) })).toEqual([]);
      all = await names({ place });
    });

    it('go on behind a ticket that is gone', async () => {
      const [first, second] = all;
      await office.dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${first}'`);
      expect((await names({ place, after: first }))[0]).toBe(second);
      all = all.slice(1);
    });

    it('[C-5] take a cursor in other spellings', async () => {
      const after = all[3]!.toUpperCase().replaceAll('-', '');
      expect(await names({ place, after })).toEqual(all.slice(4));
    });

    it('are of 100 unless another limit is given', async () => {
      for (let number = 0; number < 101; number += 1) await issue({ place: 'crowded' });
      expect(await list({ place: 'crowded' })).toHaveLength(100);
      expect(await list({ place: 'crowded', limit: 1000 })).toHaveLength(101);
    });
  });

  describe('tells statuses apart:', () => {
    const place = 'every status';
    const tickets: Record<string, string> = {};
    beforeAll(async () => {
      const make = async (name: string, input: object, happens: (ticket: Ticket) => Promise<unknown>) => {
        const ticket = await issue({ place, ...input });
        await happens(ticket);
        tickets[name] = ticket.uuid;
      };
      const claim = (ticket: Ticket) => office.tickets.claim(ticket);
      const stamp = async (ticket: Ticket) => (await claim(ticket)).stamp();
      const revoke = ({ uuid }: Ticket) => office.tickets.revoke(uuid);
      const ALIVE = { expiresIn: '1h' };
      const EXPIRED = { expiresIn: '1m' };
      await make('eternal', { expiresIn: null }, async () => undefined);
      await make('fresh', ALIVE, async () => undefined);
      await make('claimed', ALIVE, claim);
      await make('claimed, expired', EXPIRED, claim);
      await make('claimed, revoked', ALIVE, async (ticket) => [await claim(ticket), await revoke(ticket)]);
      await make('released', ALIVE, async (ticket) => (await claim(ticket)).release());
      await make('used', ALIVE, stamp);
      await make('used, expired', EXPIRED, stamp);
      await make('redeemed', ALIVE, (ticket) => office.tickets.redeem(ticket, place, 'visit', () => {}));
      await make('used, revoked', ALIVE, async (ticket) => {
        const claimed = await claim(ticket);
        await revoke(ticket);
        await claimed.stamp();
      });
      await make('revoked', ALIVE, revoke);
      await make('revoked, expired', EXPIRED, revoke);
      await make('expired', EXPIRED, async () => undefined);
      await make('expired now', { expiresIn: '2m' }, async () => undefined);
      await make('expires next', { expiresIn: '2m' }, async () => undefined);
      // The last one was issued a millisecond after the one before.
      clock.advance(2 * 60_000 - 1);
    });

    it.each([
      ['valid', ['eternal', 'fresh', 'claimed', 'released', 'expires next']],
      ['used', ['used', 'used, expired', 'redeemed', 'used, revoked']],
      ['revoked', ['claimed, revoked', 'revoked', 'revoked, expired']],
      ['expired', ['claimed, expired', 'expired', 'expired now']],
      ['claimed', ['claimed', 'claimed, expired', 'claimed, revoked']],
    ] as const)('%s', async (status, wanted) => {
      const found = await list({ place, status });
      const name = ({ uuid }: Ticket) => Object.keys(tickets).find((key) => tickets[key] === uuid);
      expect(found.map(name)).toEqual(wanted);
      if (status !== 'claimed') for (const ticket of found) expect(ticket.status(clock.now())).toBe(status);
    });

    it('and takes several of them together, each ticket once', async () => {
      const statuses = ['used', 'revoked', 'expired', 'valid', 'claimed', 'locked'] as const;
      for (const one of statuses)
        for (const other of statuses) {
          const each = [...(await names({ place, status: one })), ...(await names({ place, status: other }))];
          const wanted = [...new Set(each)].toSorted();
          expect(await names({ place, status: [one, other] })).toEqual(wanted);
          expect(await names({ place, status: [one, other], order: 'newest' })).toEqual(wanted.toReversed());
        }
      expect(await names({ place, status: [...statuses] })).toEqual(await names({ place }));
      // Another place's are in none of them.
      expect(await names({ place: 'nowhere', status: ['used', 'valid'] })).toEqual([]);
    });
  });

  it.each(['place', 'purpose', 'subject', 'status'])(
    '[F-8] takes an undefined %s for no filter never, and names it, before any query',
    async (field) => {
      const queries = await log.during(async () => {
        for (const input of [
          { [field]: undefined },
          { place: 'louvre', purpose: 'visit', [field]: undefined },
        ]) {
          const call = office.tickets.list(input);
          await expect(call).rejects.toThrow(TicketInputError);
          await expect(call).rejects.toThrow(`list(): ${field} must have a value, not undefined`);
        }
      });
      expect(queries).toEqual([]);
    },
  );

  it('begins at the first page when `after` is undefined', async () => {
    const ticket = await issue({ place: 'first page' });
    expect(await names({ place: 'first page', after: undefined, limit: undefined })).toEqual([ticket.uuid]);
  });

  it.each<[object | null, RegExp]>([
    [null, /must be an object/],
    [[], /must be an object/],
    [{ place: '' }, /place/],
    [{ place: 'x'.repeat(101) }, /place/],
    [{ place: null }, /place/],
    [{ place: ['louvre'] }, /place/],
    [{ purpose: 42 }, /purpose/],
    [{ subject: 'x'.repeat(192) }, /subject/],
    [{ subject: { not: null } }, /subject/],
    [{ subject: NaN }, /subject must be a whole number/],
    [{ subject: Infinity }, /subject must be a whole number/],
    [{ subject: 0.5 }, /subject must be a whole number/],
    [{ subject: 2 ** 53 }, /subject must be a whole number/],
    [{ status: 'stale' }, /status must be one of used, revoked, expired, valid, claimed, locked/],
    [{ status: [] }, /status must be one of used/],
    [{ status: ['used', 'stale'] }, /status/],
    [{ status: ['used', undefined] }, /status/],
    [{ status: [['used']] }, /status/],
    [{ status: Object.assign([], { length: 1 }) }, /status/],
    [{ status: new Set(['used']) }, /status/],
    [{ order: 'latest' }, /order must be one of oldest, newest/],
    [{ order: 'DESC' }, /order/],
    [{ order: ['newest'] }, /order/],
    [{ order: null }, /order/],
    [{ status: '__proto__' }, /status/],
    [{ after: '' }, /after/],
    [{ after: null }, /after/],
    [{ after: 'page 2' }, /after must be the uuid of a ticket/],
    [{ limit: 0 }, /limit/],
    [{ limit: -1 }, /limit/],
    [{ limit: 1001 }, /limit/],
    [{ limit: 1.5 }, /limit/],
    [{ limit: '10' }, /limit/],
    [{ limit: NaN }, /limit/],
    [{ offset: 10 }, /'offset' is unknown/],
    [{ where: '1=1' }, /'where' is unknown/],
  ])('[M-4] names the fault of %j before any query', async (input, fault) => {
    const queries = await log.during(async () => {
      const call = office.tickets.list(input as ListInput);
      await expect(call).rejects.toThrow(TicketInputError);
      await expect(call).rejects.toThrow(/^list\(\): /);
      await expect(call).rejects.toThrow(fault);
    });
    expect(queries).toEqual([]);
  });
});
