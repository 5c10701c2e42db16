import { Controller, Get, UseInterceptors } from '@nestjs/common';
import {
  CredentialsError,
  defineTicket,
  Invitation,
  InvitationRequired,
  StampInvitation,
  TicketInputError,
  type TicketOf,
} from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, cookieOf } from '../../invitations/ask.js';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';
import { collect } from '../../support/collect.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, type TicketOffice } from '../../support/office.js';
import { ReportDownload, VisitorData, VISITS } from './visitors.js';

const LouvreVisit = VISITS['a class'];
const lisa = { firstName: 'Lisa' };

const faultsOf = async (call: unknown): Promise<readonly string[]> => {
  const error: unknown = await Promise.resolve(call).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TicketInputError);
  return (error as TicketInputError).faults;
};

eachDatabase('A definition', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  it.each(Object.entries(VISITS))('with %s stands in place of place, purpose and path', async (_, visit) => {
    const { tickets } = office;
    const { ticket, credentials } = await tickets.issue(visit, { data: lisa, subject: 7 });
    expect(ticket).toMatchObject({ place: 'louvre', purpose: 'visit', data: lisa, subject: '7' });
    expect(ticket.isAppropriate(visit)).toBe(true);
    expect(tickets.url(visit, credentials)).toBe(tickets.url('/louvre', credentials));
    expect((await tickets.authenticate(credentials, visit)).data.firstName).toBe('Lisa');
    expect(await tickets.redeem(credentials, visit, ({ data }) => data.firstName)).toBe('Lisa');
    await tickets.revokeAll({ place: 'louvre' });
  });

  it.each(Object.entries(VISITS))('with %s refuses other data, and writes nothing', async (_, visit) => {
    const { tickets } = office;
    const before = await tickets.count();
    for (const data of [
      undefined,
      {},
      { firstName: '' },
      { firstName: 7 },
      { ...lisa, age: 1.5 },
      { ...lisa, vip: true },
      [],
      null,
      'Lisa',
    ]) {
      const faults = await faultsOf(tickets.issue(visit, { data } as never));
      expect(faults.length, JSON.stringify(data)).toBeGreaterThan(0);
      for (const fault of faults) expect(fault).toMatch(/^data\b/);
    }
    expect(await tickets.count()).toBe(before);
  });

  it('narrows revokeAll, list, count and clean to its tickets', async () => {
    const { tickets } = office;
    await tickets.issue({ place: 'louvre', purpose: 'shop' });
    const { ticket } = await tickets.issue(LouvreVisit, { data: lisa, subject: 'lisa' });
    await tickets.issue(LouvreVisit, { data: lisa, subject: 'mona' });
    expect(await tickets.count(LouvreVisit, { status: 'valid' })).toBe(2);
    expect((await tickets.list(LouvreVisit, { subject: 'lisa' })).map(({ uuid }) => uuid)).toEqual([
      ticket.uuid,
    ]);
    expect(await tickets.revokeAll(LouvreVisit, { subject: 'lisa' })).toBe(1);
    expect(await tickets.revokeAll(LouvreVisit)).toBe(1);
    expect(await tickets.count({ place: 'louvre', purpose: 'shop', status: 'valid' })).toBe(1);
    const { revoked } = await tickets.clean(LouvreVisit, { before: new Date(Date.now() + 1000) });
    expect(revoked).toBeGreaterThanOrEqual(2);
    expect(await tickets.count(LouvreVisit)).toBe(0);
  });

  it('issues many, and names the input that is not like it', async () => {
    const { tickets } = office;
    const many = await collect(
      tickets.issueMany(LouvreVisit, [{ data: lisa }, { data: lisa, expiresIn: null }]),
    );
    expect(many.map(({ ticket }) => [ticket.place, ticket.data.firstName])).toEqual([
      ['louvre', 'Lisa'],
      ['louvre', 'Lisa'],
    ]);
    const before = await tickets.count();
    const bad = [{ data: lisa }, { data: {} as VisitorData }];
    const error = await collect(tickets.issueMany(LouvreVisit, bad)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ index: 1, faults: [expect.stringContaining('data.firstName must be')] });
    expect((error as Error).message).toMatch(/^issueMany\(\), input 1: /);
    expect(await tickets.count()).toBe(before);
  });

  it('fills its parameters by params', async () => {
    const { tickets } = office;
    const params = { id: 'a/b' };
    const { ticket, credentials } = await tickets.issue(ReportDownload, { params });
    expect(ticket.place).toBe('report/a%2Fb');
    expect(new URL(tickets.url(ReportDownload, credentials, { params })).pathname).toBe('/report/a%2Fb');
    expect(ticket.isAppropriate(ReportDownload, params)).toBe(true);
    expect(ticket.isAppropriate(ReportDownload, { id: 'a' })).toBe(false);
    await expect(tickets.authenticate(credentials, ReportDownload, { params: { id: 2 } })).rejects.toThrow(
      CredentialsError,
    );
    expect((await tickets.authenticate(credentials, ReportDownload, { params })).uuid).toBe(ticket.uuid);
    expect(await tickets.count(ReportDownload, { params })).toBe(1);
    expect(await tickets.revokeAll(ReportDownload, { params: { id: 'a' } })).toBe(0);
    expect(await tickets.revokeAll(ReportDownload, { params })).toBe(1);
  });

  it('that is undefined never means all tickets, nor those of a first argument without a definition', async () => {
    const { tickets } = office;
    const { ticket, credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
    const anything = tickets as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
    for (const [call, ...given] of [
      ['list', undefined, { subject: 'lisa' }],
      ['count', undefined, {}],
      ['clean', undefined, { before: new Date() }],
      ['revokeAll', undefined, { subject: 'lisa' }],
      ['issue', undefined, { data: lisa }],
      ['authenticate', credentials, undefined],
      ['authenticate', credentials, undefined, { params: { id: 1 } }],
      ['redeem', credentials, undefined, () => 'admitted'],
    ] as const)
      expect(await faultsOf(anything[call]!(...given)), call).toEqual([
        expect.stringMatching(/^the definition is undefined: two files import each other/),
      ]);
    for (const call of ['list', 'count', 'clean'])
      expect(await faultsOf(anything[call]!({ place: 'louvre' }, { subject: 'lisa' })), call).toEqual([
        expect.stringMatching(/^the second argument goes with a definition alone/),
      ]);
    const absent = undefined as never;
    const words = /the definition,? is undefined: two files import each other/;
    await expect(collect(tickets.issueMany(absent, [{ data: lisa }] as never))).rejects.toThrow(words);
    expect(() => tickets.url(absent, credentials)).toThrow(words);
    expect(() => InvitationRequired(absent, { confirm: true })).toThrow(words);
    expect(() => InvitationRequired(absent)).toThrow(words);
    expect(await tickets.count(undefined)).toBeGreaterThan(0);
    expect(await tickets.revoke(ticket.uuid)).toBe(true);
  });

  it('never means all tickets where its parameters are not filled', async () => {
    const { tickets } = office;
    await tickets.issue(ReportDownload, { params: { id: 1 } });
    const before = await tickets.count({ status: 'valid' });
    for (const call of ['revokeAll', 'list', 'count', 'clean'] as const) {
      const careless = tickets[call].bind(tickets) as (...given: unknown[]) => Promise<unknown>;
      for (const given of [
        undefined,
        {},
        { params: undefined },
        { params: {} },
        { params: { id: undefined } },
      ])
        expect((await faultsOf(careless(ReportDownload, given))).join(), call).toContain('params');
      expect(await faultsOf(careless(LouvreVisit, { place: 'orsay' }))).toEqual([
        expect.stringContaining("place is the definition's"),
      ]);
      if (call !== 'clean')
        expect((await faultsOf(careless(LouvreVisit, { subject: undefined }))).join()).toContain('subject');
    }
    expect(await tickets.count({ status: 'valid' })).toBe(before);
  });
});

@Controller()
class LouvreController {
  @Get('louvre')
  @InvitationRequired(LouvreVisit)
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: TicketOf<typeof LouvreVisit>) {
    return `Welcome ${ticket.data.firstName}`;
  }

  @Get('report/:id')
  @InvitationRequired(ReportDownload)
  report(@Invitation() ticket: TicketOf<typeof ReportDownload>) {
    return ticket.place;
  }
}

eachAdapter('A handler that requires a ticket of a definition', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController] });
  });

  async function open(link: string) {
    const { pathname, search } = new URL(link);
    const opened = await ask(museum.app, pathname + search);
    return opened.status === 303
      ? ask(museum.app, pathname, { headers: { Cookie: cookieOf(opened) } })
      : opened;
  }

  it('admits its holder by the link of the definition', async () => {
    const { credentials } = await museum.tickets.issue(LouvreVisit, { data: lisa });
    expect(await open(museum.tickets.url(LouvreVisit, credentials))).toMatchObject({
      status: 200,
      body: 'Welcome Lisa',
    });
  });

  it.each([
    '1',
    42,
    'a/b',
    ':id',
    '%2F',
    'é 1',
    "it's (a) *_~!-",
    'a..b',
    '-',
    '_',
    '~',
    '?',
    '#',
    '&',
    '🖼️',
    ' ',
  ])('[S-3] spells the value %j as the guard does', async (id) => {
    const params = { id };
    const { ticket, credentials } = await museum.tickets.issue(ReportDownload, { params });
    const answer = await open(museum.tickets.url(ReportDownload, credentials, { params }));
    expect(answer).toMatchObject({ status: 200, body: ticket.place });
  });
});

describe('What is no definition', () => {
  it('is refused by name, where one could stand', async () => {
    expect(() => InvitationRequired({ place: 'louvre', purpose: 'visit' } as never)).toThrow(
      /defineTicket\(/,
    );
    expect(() =>
      InvitationRequired(JSON.parse(JSON.stringify(defineTicket({ place: 'l', purpose: 'v' })))),
    ).toThrow(TicketInputError);
  });
});
