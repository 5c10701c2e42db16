import type { EntityManager } from 'typeorm';
import {
  type DataOf,
  defineTicket,
  InvitationRequired,
  type Ticket,
  type TicketDefinition,
  type TicketOf,
  type TicketService,
} from 'nestjs-ticketoffice';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { ReportDownload, VisitorData, VISITS } from './visitors.js';

const LouvreVisit = VISITS['a class'];
const Tour = defineTicket({
  place: 'tour/:day/:guide',
  purpose: 'join',
  path: '/tours/:tour?day=no#no',
  data: z.object({ day: z.coerce.date().transform((day) => day.toISOString()) }),
});
const Newsletter = defineTicket({
  place: 'news',
  purpose: 'leave',
  data: z.object({ reason: z.string().optional() }),
});
const Plain = defineTicket({ place: 'shop', purpose: 'enter' });
const Optional = defineTicket({
  place: 'shop',
  purpose: 'leave',
  data: z.object({ reason: z.string() }).optional(),
});
const WithDefault = defineTicket({ place: 'shop', purpose: 'stay', data: z.string().default('long') });
declare const place: string;
declare const credentials: { uuid: string; password: string };
declare const manager: EntityManager;

/** Compiled by `tsc`, and never run. */
const never: (calls: (tickets: TicketService) => unknown) => void = () => {};

describe('The types of a definition', () => {
  it('are those of its data', () => {
    expectTypeOf<TicketOf<typeof LouvreVisit>>().toEqualTypeOf<Ticket<VisitorData>>();
    expectTypeOf<DataOf<typeof VISITS.zod>>().toEqualTypeOf<{
      firstName: string;
      age?: number | undefined;
    }>();
    expectTypeOf<DataOf<typeof VISITS.valibot>>().toEqualTypeOf<{
      firstName: string;
      age?: number | undefined;
    }>();
    expectTypeOf<DataOf<typeof VISITS.arktype>>().toEqualTypeOf<{ firstName: string; age?: number }>();
    expectTypeOf<DataOf<typeof Tour>>().toEqualTypeOf<{ day: string }>();
    expectTypeOf<TicketOf<typeof Plain>>().toEqualTypeOf<Ticket>();
    expectTypeOf<DataOf<typeof Optional>>().toEqualTypeOf<{ reason: string }>();
    expectTypeOf<DataOf<typeof WithDefault>>().toBeString();
    expectTypeOf(LouvreVisit).toExtend<TicketDefinition>();
  });

  it('are what issue() takes and returns', () => {
    never(async (tickets) => {
      const { ticket } = await tickets.issue(LouvreVisit, { data: { firstName: 'Lisa' } }, manager);
      expectTypeOf(ticket).toEqualTypeOf<Ticket<VisitorData>>();
      const { ticket: tour } = await tickets.issue(Tour, {
        data: { day: 0 },
        params: { day: 1, guide: 'x', tour: 2 },
      });
      expectTypeOf(tour.data.day).toBeString();
      await tickets.issue(Newsletter, {});
      await tickets.issue(Plain, { data: { any: 'thing' }, subject: 7, expiresIn: null });
      const { ticket: free } = await tickets.issue({ place: 'louvre', purpose: 'visit', data: { a: 1 } });
      expectTypeOf(free.data).toEqualTypeOf<{ a: number }>();
      for await (const { ticket: one } of tickets.issueMany(LouvreVisit, [{ data: { firstName: 'Lisa' } }]))
        expectTypeOf(one).toEqualTypeOf<Ticket<VisitorData>>();
    });
  });

  it('are what tickets are found and redeemed by', () => {
    never(async (tickets) => {
      expectTypeOf(await tickets.authenticate(credentials, LouvreVisit)).toEqualTypeOf<Ticket<VisitorData>>();
      expectTypeOf(await tickets.list(LouvreVisit)).toEqualTypeOf<Ticket<VisitorData>[]>();
      const work = (ticket: Ticket<VisitorData>) => ticket.data.firstName;
      expectTypeOf(await tickets.redeem(credentials, LouvreVisit, work)).toBeString();
      await tickets.revokeAll(LouvreVisit);
      await tickets.revokeAll(LouvreVisit, {}, manager);
      await tickets.count(ReportDownload, { params: { id: 1 }, status: 'valid' });
      tickets.url(LouvreVisit, credentials);
      tickets.url(Tour, credentials, { params: { tour: 1 } });
      (await tickets.find(''))!.isAppropriate(ReportDownload, { id: 1 });
      InvitationRequired(LouvreVisit, { confirm: false });
    });
  });

  it('know no parameters of a place that is computed: these are checked when they are used', () => {
    never(async (tickets) => {
      const computed = defineTicket({ place, purpose: 'visit' });
      await tickets.count(computed);
      await tickets.count(computed, { params: { id: 1 } });
    });
  });

  it('refuse what does not fit', () => {
    never((tickets) => [
      // @ts-expect-error data is missing
      tickets.issue(LouvreVisit, {}),
      // @ts-expect-error data is missing, and the schema has nothing in its place
      tickets.issue(Optional, {}),
      tickets.issue(WithDefault, {}),
      // @ts-expect-error the definition alone is no input
      tickets.issue(LouvreVisit),
      // @ts-expect-error wrong data
      tickets.issue(LouvreVisit, { data: { firstName: 7 } }),
      // @ts-expect-error wrong data for a schema
      tickets.issue(VISITS.zod, { data: { firstName: 7 } }),
      // @ts-expect-error an extra field of the data
      tickets.issue(LouvreVisit, { data: { firstName: 'Lisa', vip: true } }),
      // @ts-expect-error an extra field
      tickets.issue(LouvreVisit, { data: { firstName: 'Lisa' }, usedAt: null }),
      // @ts-expect-error another place
      tickets.issue(LouvreVisit, { data: { firstName: 'Lisa' }, place: 'orsay' }),
      // @ts-expect-error params are missing
      tickets.issue(ReportDownload, {}),
      // @ts-expect-error a parameter of another name
      tickets.issue(ReportDownload, { params: { report: 1 } }),
      // @ts-expect-error one parameter of two
      tickets.issue(Tour, { data: { day: 0 }, params: { day: 1 } }),
      // @ts-expect-error a parameter that is no text and no number
      tickets.issue(ReportDownload, { params: { id: true } }),
      // @ts-expect-error params, where there are none
      tickets.issue(LouvreVisit, { data: { firstName: 'Lisa' }, params: { id: 1 } }),
      // @ts-expect-error params are missing
      tickets.authenticate(credentials, ReportDownload),
      // @ts-expect-error params are missing
      tickets.url(ReportDownload, credentials),
      // @ts-expect-error params of the place in place of those of the path
      tickets.url(Tour, credentials, { params: { day: 1, guide: 2 } }),
      // @ts-expect-error params are missing, and all reports are not meant
      tickets.revokeAll(ReportDownload),
      // @ts-expect-error params are missing
      tickets.revokeAll(ReportDownload, {}, manager),
      // @ts-expect-error params are missing
      tickets.list(ReportDownload),
      // @ts-expect-error params are missing
      tickets.clean(ReportDownload, {}),
      // @ts-expect-error an object by hand
      tickets.revokeAll({ place: 'louvre', purpose: 'visit', path: '/louvre' }),
      // @ts-expect-error an object by hand
      InvitationRequired({ place: 'louvre', purpose: 'visit' }),
      // @ts-expect-error one password for all
      defineTicket({ place: 'louvre', purpose: 'visit', password: 'I love Paris' }),
      // @ts-expect-error nothing that describes data
      defineTicket({ place: 'louvre', purpose: 'visit', data: { firstName: 'string' } }),
    ]);
  });
});
