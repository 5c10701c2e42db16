import { setImmediate as nextTurn } from 'node:timers/promises';
import { defineTicket, TicketInputError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { placeParamsProblems } from '../../../lib/tickets/definitions/defined-scope.js';
import { collect } from '../../support/collect.js';
import { oneDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { ReportDownload, VISITS } from './visitors.js';

const LouvreVisit = VISITS['a class'];
const data = { firstName: 'Lisa' };
const Code = defineTicket({
  place: 'desk',
  purpose: 'collect',
  expiresIn: '2h',
  password: { digits: 7 },
  onDuplicate: 'reject',
});

oneDatabase('The input of a ticket of a definition', (database) => {
  let office: TicketOffice;
  const now = new Date('2026-11-27T10:00:00.000Z');
  beforeAll(async () => {
    office = await startOffice(database, { now: () => now });
  });
  const issue = (definition: unknown, ...input: unknown[]) =>
    (office.tickets.issue as (...given: unknown[]) => ReturnType<typeof office.tickets.issue>).call(
      office.tickets,
      definition,
      ...input,
    );
  const faultsOf = async (definition: unknown, ...input: unknown[]) => {
    const error: unknown = await issue(definition, ...input).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TicketInputError);
    return (error as TicketInputError).faults;
  };

  it('has the definition’s fields for those that it lacks, or that are undefined', async () => {
    const { ticket, credentials } = await issue(Code, {
      subject: 1,
      expiresIn: undefined,
      password: undefined,
    });
    expect(credentials.password).toMatch(/^\d{7}$/);
    expect(ticket.expiresAt).toEqual(new Date('2026-11-27T12:00:00.000Z'));
    await expect(issue(Code, { subject: 1 })).rejects.toThrow('There is a valid ticket');
    expect(await faultsOf(Code, {})).toEqual([expect.stringContaining('subject is missing')]);
  });

  it('has fields of its own in place of the definition’s', async () => {
    const at = new Date('2027-01-01T00:00:00.000Z');
    const one = await issue(Code, { subject: 2, password: 'I love Paris', expiresIn: null });
    expect([one.credentials.password, one.ticket.expiresAt]).toEqual(['I love Paris', null]);
    const other = await issue(Code, {
      subject: 2,
      onDuplicate: 'allow',
      expiresAt: at,
      password: { letters: 9 },
    });
    expect(other.ticket.expiresAt).toEqual(at);
    expect(other.credentials.password).toMatch(/^[a-z]{9}$/);
  });

  it('is refused with every fault at once, and nothing is written', async () => {
    const before = await office.tickets.count();
    const input = { data: {}, place: 'orsay', usedAt: null, subject: '', params: { id: 1 } };
    const faults = await faultsOf(LouvreVisit, input);
    expect(faults.map((fault) => fault.replace(/ .*/, '')).toSorted()).toEqual([
      "'usedAt'",
      'data.firstName',
      'params',
      'place',
      'subject',
    ]);
    expect(await faultsOf(LouvreVisit)).toEqual(['the input must be an object, not undefined']);
    expect(await faultsOf(LouvreVisit, [])).toEqual(['the input must be an object, not an array']);
    expect(await office.tickets.count()).toBe(before);
  });

  it('has a code that can be guessed refused by the office whose maxAttempts is too high for it', async () => {
    const short = defineTicket({ place: 'desk', purpose: 'collect', password: { digits: 4 } });
    expect(await faultsOf(short, {})).toEqual([expect.stringContaining('would be guessed too easily')]);
  });

  it('is what the app has given, not what it makes of its objects after the call', async () => {
    const params = { id: 1 };
    const loose = { seats: ['A1'] };
    const expiresAt = new Date('2027-01-01T00:00:00.000Z');
    const issued = issue(ReportDownload, { params, data: loose, expiresAt });
    params.id = 2;
    loose.seats.push('A2');
    expiresAt.setTime(0);
    expect((await issued).ticket).toMatchObject({
      place: 'report/1',
      data: { seats: ['A1'] },
      expiresAt: new Date('2027-01-01T00:00:00.000Z'),
    });
  });

  it('may be proxies, such as those of a store, and objects without a prototype', async () => {
    for (const definition of Object.values(VISITS))
      for (const given of [new Proxy({ ...data }, {}), Object.assign(Object.create(null) as object, data)])
        expect((await issue(definition, { data: given })).ticket.data).toEqual(data);
  });

  it('may inherit its fields from a class', async () => {
    class Input {
      get subject() {
        return 'inherited';
      }
      get data() {
        return data;
      }
    }
    expect((await issue(LouvreVisit, new Input())).ticket.subject).toBe('inherited');
    class Filter {
      get subject() {
        return 'nobody';
      }
    }
    expect(await office.tickets.count(LouvreVisit, new Filter())).toBe(0);
  });

  it('is checked in issueMany() when it is read, and no more than a batch ahead', async () => {
    let read = 0;
    function* inputs() {
      for (; read < 100; read += 1) yield { data: { day: read } };
    }
    const slow = defineTicket({
      place: 'tour',
      purpose: 'join',
      data: z.object({ day: z.int().refine(async (day) => (await nextTurn(day)) < 7) }),
    });
    const taken: number[] = [];
    const call = async () => {
      for await (const { ticket } of office.tickets.issueMany(slow, inputs(), { batchSize: 3 })) {
        taken.push(ticket.data.day);
        expect(read - taken.length).toBeLessThan(6);
      }
    };
    await expect(call()).rejects.toMatchObject({ index: 7, faults: [expect.stringMatching(/^data\.day: /)] });
    expect(taken).toEqual([0, 1, 2, 3, 4, 5]);
    expect(read).toBe(7);
    expect(await office.tickets.count(slow)).toBe(6);
  });

  it('is one of many, which are refused before any is read where they cannot be', async () => {
    const many = office.tickets.issueMany.bind(office.tickets) as (
      ...given: unknown[]
    ) => AsyncIterable<never>;
    for (const inputs of [undefined, 'Lisa', 7, { data }])
      await expect(collect(many(LouvreVisit, inputs))).rejects.toThrow(TicketInputError);
    await expect(collect(many(LouvreVisit, [], { batchSize: 0 }))).rejects.toThrow(/batchSize must be/);
  });

  it('closes the inputs when no more are taken', async () => {
    let closed = false;
    function* inputs() {
      try {
        for (;;) yield { data };
      } finally {
        closed = true;
      }
    }
    for await (const _ of office.tickets.issueMany(LouvreVisit, inputs(), { batchSize: 2 })) break;
    expect(closed).toBe(true);
  });
});

describe('The params of a definition', () => {
  const Tour = defineTicket({ place: 'tour/:day', purpose: 'join', path: '/tours/:tour' });

  it.each([
    [undefined, 'params must be { day: … }, not undefined'],
    [null, 'params must be { day: … }, not null'],
    [[1], 'params must be { day: … }, not an array'],
    [{}, 'params.day is missing'],
    [{ day: '' }, 'params.day must be a whole number, or a non-empty string'],
    [{ day: undefined }, 'params.day must be'],
    [{ day: 1.5 }, 'params.day must be'],
    [{ day: NaN }, 'params.day must be'],
    [{ day: 2 ** 53 }, 'params.day must be'],
    [{ day: '\ud800' }, 'in well-formed Unicode'],
    [{ day: {} }, 'not an object'],
    [{ day: '.' }, "params.day must not be '.' or '..'"],
    [{ day: '..' }, "params.day must not be '.' or '..'"],
    [
      { day: 1, 'no\ncolour': 2 },
      "params has 'no\\ncolour', which is no parameter of the definition: write one of ",
    ],
    [
      { day: 1, ...Object.fromEntries('abcdefgh'.split('').map((name) => [name, 1])) },
      "params has 'a', 'b', 'c', 'd', 'e' and 3 more, which are no parameters of the definition: write one of ",
    ],
    [Object.create({ day: 1 }), 'params'],
  ])('are refused: %j', (params, words) => {
    expect(placeParamsProblems(Tour, params)).toEqual([expect.stringContaining(words)]);
  });

  /** As a ValidationPipe makes it of the route's parameters. */
  class Parameters {
    day = 'monday';
  }

  it.each([
    [{ day: 1 }],
    [new Parameters()],
    [{ day: '2026-11-27' }],
    [{ day: 1, tour: 'x' }],
    [{ day: '...' }],
    [{ day: '%2e%2e' }],
  ])('are fine: %j', (params) => {
    expect(placeParamsProblems(Tour, params)).toEqual([]);
  });

  it('are left out where there is nothing to fill', () => {
    expect(placeParamsProblems(LouvreVisit, undefined)).toEqual([]);
    expect(placeParamsProblems(LouvreVisit, { id: 1 })).toEqual([expect.stringContaining('leave it out')]);
    expect(placeParamsProblems(ReportDownload, { id: 7 })).toEqual([]);
  });
});
