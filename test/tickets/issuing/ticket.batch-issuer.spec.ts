import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  DuplicateTicketError,
  type IssuedTicket,
  type IssueInput,
  TicketInputError,
  TicketOfficeBusyError,
  TicketOfficeConfigurationError,
} from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { TicketBatchIssuer } from '../../../lib/tickets/issuing/ticket.batch-issuer.js';
import { aroundQueries } from '../../support/around-queries.js';
import { TestClock } from '../../support/clock.js';
import { collect } from '../../support/collect.js';
import { eachDatabase } from '../../support/databases.js';
import { lostFaultsOn, spoil, undoneFaults } from '../../support/driver-faults.js';
import { rawRow, startOffice } from '../../support/office.js';
import { skipRetryWaits } from '../../support/retry-waits.js';
import { StatementLog } from '../../support/statement-log.js';

const visit = { place: 'louvre', purpose: 'visit' };
const isInsert = (sql: string) => sql.startsWith('INSERT');

/** Inputs that count how many were read, and note whether they were closed. */
class Guests {
  read = 0;
  isClosed = false;

  constructor(private readonly count: number) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<IssueInput> {
    try {
      for (let number = 0; number < this.count; number += 1) {
        this.read += 1;
        yield { ...visit, subject: `guest ${number}` };
      }
    } finally {
      this.isClosed = true;
    }
  }
}

eachDatabase('issueMany()', (database) => {
  const clock = new TestClock();
  const log = new StatementLog();
  let office: Awaited<ReturnType<typeof startOffice>>;
  const count = () => office.tickets.count();
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now }, { logger: log });
    skipRetryWaits();
  });

  /** The shared office, without tickets. */
  async function emptyOffice() {
    await office.dataSource.query('DELETE FROM ticket_office_ticket');
    return office.tickets;
  }

  it('hands out tickets in the order of the inputs, as find() and list() read them afterwards', async () => {
    const tickets = await emptyOffice();
    const inputs: IssueInput[] = Array.from({ length: 7 }, (_, number) => ({
      ...visit,
      subject: number,
      data: { firstName: 'Léonard', number },
      ...(number % 2 ? { expiresIn: '5d' as const } : { expiresAt: new Date('2026-02-01') }),
    }));
    const issued = await collect(tickets.issueMany(inputs, { batchSize: 3 }));
    expect(issued.map(({ ticket }) => ticket.subject)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(await tickets.list()).toEqual(issued.map(({ ticket }) => ticket));
    for (const { ticket, credentials } of issued) {
      expect(await tickets.find(ticket.uuid)).toEqual(ticket);
      expect((await tickets.authenticate(credentials, 'louvre', 'visit')).uuid).toBe(ticket.uuid);
    }
  });

  it('writes the rows that issue() writes', async () => {
    const tickets = await emptyOffice();
    const input = {
      ...visit,
      subject: 'order 7',
      data: { 'a "key"': ['\\', '🗼', null, 1.5] },
      expiresIn: null,
    };
    const [many] = await collect(tickets.issueMany([input]));
    const one = await tickets.issue(input);
    const [manyRow, oneRow] = await Promise.all(
      [many!, one].map(({ ticket }) => rawRow(office.dataSource, ticket.uuid)),
    );
    expect({ ...manyRow, uuid: '', verifier: '' }).toEqual({ ...oneRow, uuid: '', verifier: '' });
    expect(manyRow!['verifier']).toMatch(/^hmac-sha256\$/);
  });

  it('writes each batch in one statement, and a smaller one at the end', async () => {
    const tickets = await emptyOffice();
    const statements = await log.during(() => collect(tickets.issueMany(new Guests(7), { batchSize: 3 })));
    expect(statements.filter(isInsert)).toHaveLength(3);
    expect(await count()).toBe(7);
  });

  it('takes the largest batch, and text of any size, within the limits of the database', async () => {
    const tickets = await emptyOffice();
    // In MySQL's protocol, each quote of the JSON takes four characters.
    const long = { text: '"'.repeat(8000) };
    const inputs = Array.from({ length: 1100 }, () => ({ ...visit, data: long }));
    const statements = await log.during(() => collect(tickets.issueMany(inputs, { batchSize: 1000 })));
    expect(await count()).toBe(1100);
    // A megabyte of data ends a batch.
    expect(statements.filter(isInsert)).toHaveLength(17);
    await log.during(() => collect(tickets.issueMany(new Guests(1000), { batchSize: 1000 })));
    expect(await count()).toBe(2100);
  });

  it('reads no input that is more than one batch ahead of what was taken', async () => {
    const tickets = await emptyOffice();
    const guests = new Guests(10);
    const issued = tickets.issueMany(guests, { batchSize: 3 });
    await nextTurn();
    expect(guests.read).toBe(0);
    for (let taken = 1; taken <= 10; taken += 1) {
      await issued.next();
      expect(guests.read).toBe(Math.min(10, Math.ceil(taken / 3) * 3));
      expect(await count()).toBe(guests.read);
    }
  });

  it('takes inputs that are nothing, or a promise each', async () => {
    const tickets = await emptyOffice();
    expect(await collect(tickets.issueMany([]))).toEqual([]);
    const promised = new Set([Promise.resolve(visit)]) as unknown as Iterable<IssueInput>;
    expect(await collect(tickets.issueMany(promised))).toHaveLength(1);
  });

  it('keeps its own copy of an input that its source changes afterwards', async () => {
    const tickets = await emptyOffice();
    function* reused() {
      const input = { ...visit, data: { number: 0 } };
      for (; input.data.number < 3; input.data.number += 1) yield input;
    }
    const issued = await collect(tickets.issueMany(reused()));
    expect(issued.map(({ ticket }) => ticket.data)).toEqual([{ number: 0 }, { number: 1 }, { number: 2 }]);
  });

  it('counts the life of a ticket from its batch, however long ago its input was read', async () => {
    const tickets = await emptyOffice();
    async function* slow() {
      yield visit;
      clock.advance('1h');
      yield visit;
    }
    const issued = await collect(tickets.issueMany(slow()));
    for (const { ticket } of issued) expect(ticket.createdAt).toEqual(clock.now());
  });

  it('leaves the process turns for other work between batches', async () => {
    const tickets = await emptyOffice();
    let turns = 0;
    const other = new AbortController();
    const turning = (async () => {
      for (; !other.signal.aborted; turns += 1) await nextTurn();
    })();
    const inputs = Array.from({ length: 50 }, () => visit);
    await collect(tickets.issueMany(inputs, { batchSize: 5 }));
    other.abort();
    await turning;
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  it('emits an event for each ticket, once it is committed', async () => {
    const tickets = await emptyOffice();
    const events: string[] = [];
    const subscription = tickets.events$.subscribe(({ type, uuid }) => events.push(`${type} ${uuid}`));
    const issued = await collect(tickets.issueMany(new Guests(3), { batchSize: 2 }));
    expect(events).toEqual(issued.map(({ ticket }) => `issued ${ticket.uuid}`));
    events.length = 0;
    spoil(office.dataSource, isInsert, () => new Error('disk full'), { times: 1 });
    await expect(collect(tickets.issueMany(new Guests(3)))).rejects.toThrow('disk full');
    subscription.unsubscribe();
    expect(events).toEqual([]);
  });

  describe('for the command line', () => {
    const batches = () => office.app.get(TicketBatchIssuer, { strict: false });

    it('shows each batch before it is written', async () => {
      await emptyOffice();
      const shown: IssuedTicket[] = [];
      const issued = batches().issueMany(new Guests(5), { batchSize: 2 }, async (tickets) => {
        expect(await count()).toBe(shown.length);
        shown.push(...tickets);
      });
      expect(await collect(issued)).toEqual(shown);
      expect(await count()).toBe(5);
    });

    it('writes no batch that could not be shown', async () => {
      await emptyOffice();
      let shown = 0;
      const issued = batches().issueMany(new Guests(5), { batchSize: 2 }, async () => {
        shown += 1;
        if (shown === 2) throw new Error('disk full');
      });
      await expect(collect(issued)).rejects.toThrow('disk full');
      expect(await count()).toBe(2);
    });
  });

  describe('with a bad input', () => {
    it('throws its index, writes nothing of its batch, and leaves what was handed out before', async () => {
      const tickets = await emptyOffice();
      const inputs = [visit, visit, visit, { ...visit, place: '' }, visit] as IssueInput[];
      const handedOut: IssuedTicket[] = [];
      const issue = async () => {
        for await (const one of tickets.issueMany(inputs, { batchSize: 2 })) handedOut.push(one);
      };
      const error = await issue().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TicketInputError);
      expect(error).toMatchObject({
        code: 'TICKET_INPUT',
        index: 3,
        faults: [expect.stringMatching(/^place /)],
      });
      expect((error as Error).message).toMatch(/^issueMany\(\), input 3: place must /);
      expect(handedOut).toHaveLength(2);
      expect(await tickets.list()).toEqual(handedOut.map(({ ticket }) => ticket));
    });

    it.each([
      [undefined],
      [null],
      ['louvre'],
      [[visit]],
      [{ ...visit, usedAt: 0 }],
      [{ ...visit, password: { digits: 2 } }],
    ])('names it where it is %j', async (input) => {
      const tickets = await emptyOffice();
      const issue = collect(tickets.issueMany([visit, input] as IssueInput[]));
      await expect(issue).rejects.toMatchObject({ code: 'TICKET_INPUT', index: 1 });
      expect(await count()).toBe(0);
    });

    it('closes the inputs', async () => {
      const tickets = await emptyOffice();
      const guests = new Guests(10);
      const issue = collect(tickets.issueMany(badAfter(guests, 2)));
      await expect(issue).rejects.toThrow(TicketInputError);
      expect(guests).toMatchObject({ isClosed: true, read: 3 });
    });

    it('says nothing of an index in other calls', async () => {
      await expect(office.tickets.issue({ place: '', purpose: 'visit' })).rejects.toMatchObject({
        index: undefined,
      });
    });
  });

  it('throws what the inputs throw, and writes nothing of the batch', async () => {
    const tickets = await emptyOffice();
    async function* failing() {
      yield visit;
      yield visit;
      yield visit;
      throw new Error('no more paper');
    }
    const issued = tickets.issueMany(failing(), { batchSize: 2 });
    await issued.next();
    await issued.next();
    await expect(issued.next()).rejects.toThrow('no more paper');
    expect(await count()).toBe(2);
  });

  it('writes no batch for which passwordGenerator makes what no password can be', async () => {
    let made = 0;
    const { tickets } = await startOffice(database, {
      passwordGenerator: () => ((made += 1) > 3 ? '' : `word ${made}`),
    });
    await emptyOffice();
    const issue = collect(tickets.issueMany(new Guests(10), { batchSize: 2 }));
    await expect(issue).rejects.toThrow(TicketOfficeConfigurationError);
    expect(await count()).toBe(2);
  });

  describe('with onDuplicate', () => {
    const guest = (subject: string, onDuplicate?: 'allow' | 'revoke' | 'reject'): IssueInput => ({
      ...visit,
      subject,
      ...(onDuplicate && { onDuplicate }),
    });

    it('leaves one valid ticket for a subject, in the order of the inputs', async () => {
      const tickets = await emptyOffice();
      const inputs = [
        guest('a'),
        guest('b', 'revoke'),
        guest('a', 'revoke'),
        guest('c'),
        guest('b', 'revoke'),
      ];
      const issued = await collect(tickets.issueMany([...inputs, guest('a', 'allow')], { batchSize: 3 }));
      expect(issued.map(({ ticket }) => ticket.subject)).toEqual(['a', 'b', 'a', 'c', 'b', 'a']);
      const valid = await tickets.list({ status: 'valid' });
      expect(valid.map(({ uuid }) => uuid)).toEqual([2, 3, 4, 5].map((index) => issued[index]!.ticket.uuid));
    });

    it('ends at a duplicate that is rejected, after all tickets before it were handed out', async () => {
      const tickets = await emptyOffice();
      const handedOut: IssuedTicket[] = [];
      const inputs = [guest('a'), guest('b', 'reject'), guest('c'), guest('a', 'reject'), guest('d')];
      const issue = async () => {
        for await (const one of tickets.issueMany(inputs)) handedOut.push(one);
      };
      const error = await issue().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DuplicateTicketError);
      expect((error as DuplicateTicketError).uuid).toBe(handedOut[0]!.ticket.uuid);
      expect(await tickets.list()).toEqual(handedOut.map(({ ticket }) => ticket));
      expect(handedOut).toHaveLength(3);
    });

    it('reads no further ahead for it', async () => {
      const tickets = await emptyOffice();
      let read = 0;
      function* inputs() {
        for (const input of [guest('a'), guest('b', 'revoke'), guest('c'), guest('d')]) {
          read += 1;
          yield input;
        }
      }
      const issued = tickets.issueMany(inputs(), { batchSize: 3 });
      const readAfter: number[] = [];
      for await (const _ of issued) readAfter.push(read);
      expect(readAfter).toEqual([2, 2, 4, 4]);
    });
  });

  describe('that the consumer leaves', () => {
    it.each(['break', 'throw'])('by %s, closes the inputs and writes no further batch', async (way) => {
      const tickets = await emptyOffice();
      const guests = new Guests(10);
      const leave = async () => {
        for await (const { ticket } of tickets.issueMany(guests, { batchSize: 3 })) {
          if (ticket.subject !== 'guest 3') continue;
          if (way === 'break') break;
          throw new Error('mail is down');
        }
      };
      await leave().catch(() => undefined);
      expect(guests).toMatchObject({ read: 6, isClosed: true });
      await nextTurn();
      expect(await count()).toBe(6);
    });

    it('before the first ticket, reads nothing', async () => {
      const guests = new Guests(10);
      await office.tickets.issueMany(guests).return();
      expect(guests).toMatchObject({ read: 0 });
    });
  });

  describe('with a signal', () => {
    it('that was aborted before, reads nothing', async () => {
      const tickets = await emptyOffice();
      const guests = new Guests(10);
      const issue = collect(
        tickets.issueMany(guests, { signal: AbortSignal.abort(new Error('closing time')) }),
      );
      await expect(issue).rejects.toThrow('closing time');
      expect(guests.read).toBe(0);
    });

    it('that is aborted amid a batch, hands out what was written, and writes no more', async () => {
      const tickets = await emptyOffice();
      const guests = new Guests(10);
      const closing = new AbortController();
      const handedOut: IssuedTicket[] = [];
      const issue = async () => {
        for await (const one of tickets.issueMany(guests, { batchSize: 3, signal: closing.signal })) {
          handedOut.push(one);
          if (handedOut.length === 4) closing.abort(new Error('closing time'));
        }
      };
      await expect(issue()).rejects.toThrow('closing time');
      expect(handedOut).toHaveLength(6);
      expect(await count()).toBe(6);
      expect(guests).toMatchObject({ read: 6, isClosed: true });
    });

    it('that is aborted while a batch is read, writes nothing of it', async () => {
      const tickets = await emptyOffice();
      const closing = new AbortController();
      async function* inputs() {
        yield visit;
        closing.abort(new Error('closing time'));
        yield visit;
      }
      const issue = collect(tickets.issueMany(inputs(), { signal: closing.signal }));
      await expect(issue).rejects.toThrow('closing time');
      expect(await count()).toBe(0);
    });
  });

  it.each([
    ['inputs', undefined, {}],
    ['inputs', 'louvre', {}],
    ['inputs', visit, {}],
    ['batchSize', [], { batchSize: 0 }],
    ['batchSize', [], { batchSize: 1001 }],
    ['batchSize', [], { batchSize: 2.5 }],
    ['signal', [], { signal: {} }],
    ['size', [], { size: 3 }],
    ['options', [], null],
  ])('throws for bad %s before it reads anything (%#)', async (name, inputs, options) => {
    const issued = office.tickets.issueMany(inputs as never, options as never);
    const error = await issued.next().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TicketInputError);
    expect((error as TicketInputError).faults).toEqual([expect.stringContaining(name)]);
    expect((error as TicketInputError).index).toBeUndefined();
  });

  describe('when a try fails', () => {
    it.each(Object.entries(undoneFaults[database.type]))('by %s, tries again', async (_, make) => {
      const tickets = await emptyOffice();
      spoil(office.dataSource, isInsert, make, { times: 1 });
      await collect(tickets.issueMany(new Guests(5), { batchSize: 3 }));
      expect(await count()).toBe(5);
    });

    it.each(lostFaultsOn(database))(
      'by %s, writes no ticket twice, and recognises its own',
      async (_, make) => {
        for (const isRun of [true, false]) {
          const tickets = await emptyOffice();
          const sent = spoil(office.dataSource, isInsert, make, { times: 2, isRun });
          const issued = await collect(tickets.issueMany(new Guests(5), { batchSize: 3 }));
          // Spoilt twice; the answer to the second try, where the first has run, is a violated key.
          expect(sent.length).toBeGreaterThanOrEqual(3);
          expect(await tickets.list()).toEqual(issued.map(({ ticket }) => ticket));
          expect(issued).toHaveLength(5);
        }
      },
    );

    it('for good, throws that the office is busy, and closes the inputs', async () => {
      const tickets = await emptyOffice();
      const guests = new Guests(9);
      const [, make] = Object.entries(undoneFaults[database.type])[0]!;
      // As many as no retries outlast, whatever the database.
      spoil(office.dataSource, isInsert, make, { times: 1000 });
      const issue = collect(tickets.issueMany(guests, { batchSize: 3 }));
      await expect(issue).rejects.toThrow(TicketOfficeBusyError);
      expect(guests).toMatchObject({ read: 3, isClosed: true });
    });

    it('by a key that is not its own, throws the error', async () => {
      const tickets = await emptyOffice();
      const { ticket } = await tickets.issue(visit);
      aroundQueries(office.dataSource, async (sql, run, parameters) => {
        if (isInsert(sql)) (parameters as unknown[])[0] = ticket.uuid;
        return run();
      });
      await expect(collect(tickets.issueMany([visit]))).rejects.toThrow(/unique|duplicate/i);
      expect(await count()).toBe(1);
    });
  });
});

async function* badAfter(inputs: AsyncIterable<IssueInput>, good: number): AsyncGenerator<IssueInput> {
  let count = 0;
  for await (const input of inputs) yield (count += 1) > good ? { ...input, place: '' } : input;
}
