import { Controller, Get, Module, Post, UseInterceptors } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import {
  Invitation,
  InvitationRequired,
  StampInvitation,
  type Ticket,
  type TicketEvent,
  TicketInputError,
  TicketOfficeConfigurationError,
} from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, type MuseumParts, startApp, queriesOf } from '../support/app.js';
import { ask, authorization, cookieOf, queryOf } from './ask.js';

@Controller()
class ReportController {
  constructor(private readonly ledger: Ledger) {}

  @Get('report/:id')
  @InvitationRequired('report/:id', 'download')
  report(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.place);
    return ticket.place;
  }

  @Post('report/:id/:format')
  @InvitationRequired('report/:id/as/:format', 'download')
  @UseInterceptors(StampInvitation)
  format(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.place);
    return ticket.place;
  }

  @Get('plain/:id')
  @InvitationRequired('urn:report', 'download')
  plain(@Invitation() ticket: Ticket) {
    return ticket.place;
  }

  @Get(['book', 'book/:id'])
  @InvitationRequired('book/:id', 'download')
  book() {
    this.ledger.note('book');
  }
}

@Controller('broken/:name')
class BrokenController {
  @Get()
  @InvitationRequired('report/:id', 'download')
  report() {}
}

function reportAt(path: string) {
  @Controller()
  class ReportAtController {
    @Get(path)
    @InvitationRequired('report/:id', 'download')
    report() {}
  }
  return ReportAtController;
}

@Controller('room/:room')
@InvitationRequired('room/:room', 'enter')
class RoomController {
  @Get()
  @InvitationRequired('room/:room', 'enter')
  enter(@Invitation() ticket: Ticket) {
    return ticket.place;
  }
}

@Module({ controllers: [BrokenController] })
class BrokenModule {}

eachAdapter("A place that is filled from the route's parameters", (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers: [ReportController, RoomController] });
  });
  const issue = async (place: string, purpose = 'download') =>
    (await museum.tickets.issue({ place, purpose })).credentials;
  const show = async (place: string, target: string, method = 'GET', purpose = 'download') =>
    ask(museum.app, target, { method, headers: authorization(await issue(place, purpose)) });

  it('admits a ticket for report 1 to report 1 only', async () => {
    expect(await show('report/1', '/report/1')).toMatchObject({ status: 200, body: 'report/1' });
    for (const place of ['report/2', 'report/:id', 'report/', 'report', 'report/11', 'report/1 ', 'Report/1'])
      expect((await show(place, '/report/1')).status, place).toBe(403);
  });

  it('takes several parameters, and those of the controller', async () => {
    expect((await show('report/1/as/pdf', '/report/1/pdf', 'POST')).body).toBe('report/1/as/pdf');
    expect((await show('report/1/as/pdf', '/report/pdf/1', 'POST')).status).toBe(403);
    expect((await show('room/6', '/room/6', 'GET', 'enter')).body).toBe('room/6');
  });

  it.each([
    ['a/b', 'a%2Fb'],
    ['1/as/pdf', '1%2Fas%2Fpdf'],
    [':id', '%3Aid'],
    ['%2F', '%252F'],
    ['..', '..'],
    ['é 1', '%C3%A9%201'],
    ['\0', '%00'],
  ])('[S-3] spells the value %j so that it imitates no other place', async (value, spelled) => {
    const target = `/report/${value === '..' ? '%2e%2e' : encodeURIComponent(value)}`;
    const answer = await show(`report/${spelled}`, target);
    expect(answer).toMatchObject({ status: 200, body: `report/${spelled}` });
    if (spelled !== value && value !== '\0') expect((await show(`report/${value}`, target)).status).toBe(403);
  });

  it('[S-3] gives each place a pass of its own', async () => {
    const opened = await ask(museum.app, `/report/1?${queryOf(await issue('report/1'))}`);
    expect(opened).toMatchObject({ status: 303, headers: { location: './1' } });
    const headers = { Cookie: cookieOf(opened) };
    expect((await ask(museum.app, '/report/1', { headers })).body).toBe('report/1');
    expect((await ask(museum.app, '/report/2', { headers })).status).toBe(401);
  });

  it('[D-5] is refused before any query where no ticket can be for it, and is in no event', async () => {
    const headers = authorization(await issue('report/1'));
    const seen: TicketEvent[] = [];
    const subscription = museum.tickets.events$.subscribe((event) => seen.push(event));
    const target = `/report/${'%0A'.repeat(50)}`;
    const queries = await queriesOf(museum, async () => {
      expect((await ask(museum.app, target, { headers })).status).toBe(403);
      expect((await ask(museum.app, target)).status).toBe(401);
    });
    subscription.unsubscribe();
    expect(queries).toEqual([]);
    expect(seen).toMatchObject([{ type: 'refused', reason: 'malformed', uuid: null, place: 'report/:id' }]);
  });

  it('has parameters in whole segments only: another colon is a letter of the place', async () => {
    expect((await show('urn:report', '/plain/1')).body).toBe('urn:report');
  });

  it('admits nobody where the request does not fill it', async () => {
    for (const place of ['book/:id', 'book/', 'book', 'book/undefined'])
      expect((await show(place, '/book')).status, place).toBe(403);
    expect((await ask(museum.app, '/book')).status).toBe(401);
    expect(museum.ledger.count('book')).toBe(0);
    expect((await show('book/1', '/book/1')).status).toBe(200);
  });

  it('is an error at boot where the route has no such parameter', async () => {
    const starting = startApp(adapter, anyDatabase, { controllers: [BrokenController] });
    await expect(starting).rejects.toThrow(TicketOfficeConfigurationError);
    await expect(starting).rejects.toThrow(/BrokenController\.report: the route has no parameter 'id'/);
  });

  it.each(['report/\\:id', 'report/:id$', 'report/:idé'])('is one at %s, too', async (path) => {
    const starting = startApp(adapter, anyDatabase, { controllers: [reportAt(path)] });
    await expect(starting).rejects.toThrow(/the route has no parameter 'id'/);
  });

  it('is one where the prefix that has the parameter is not for the route', async () => {
    const starting = startApp(adapter, anyDatabase, {
      controllers: [reportAt('broken')],
      before: (app) => app.setGlobalPrefix(':id', { exclude: ['broken'] }),
    });
    await expect(starting).rejects.toThrow(/the route has no parameter 'id'/);
  });

  it.runIf(adapter.name === 'Express')('may have its parameter in quotation marks', async () => {
    const { app, tickets } = await startApp(adapter, anyDatabase, { controllers: [reportAt('r/:"id"')] });
    const { credentials } = await tickets.issue({ place: 'report/7', purpose: 'download' });
    expect((await ask(app, '/r/7', { headers: authorization(credentials) })).status).toBe(200);
  });

  it("may have its parameters from the module's path, or the app's prefix", async () => {
    const open = (parts: Partial<MuseumParts>) =>
      startApp(adapter, anyDatabase, { controllers: [], ...parts });
    const routed = await open({
      imports: [BrokenModule, RouterModule.register([{ path: ':id', module: BrokenModule }])],
    });
    const prefixed = await open({
      controllers: [BrokenController],
      before: (app) => app.setGlobalPrefix(':id'),
    });
    for (const { app, tickets } of [routed, prefixed]) {
      const { credentials } = await tickets.issue({ place: 'report/7', purpose: 'download' });
      const headers = authorization(credentials);
      expect((await ask(app, '/7/broken/x', { headers })).status).toBe(200);
      expect((await ask(app, '/8/broken/x', { headers })).status).toBe(403);
    }
  });
});

describe('A segment of a place that looks like a parameter and is none', () => {
  it.each(['doc/:id.pdf', ':report-id', 'doc/:id?', ':', 'a/:/b'])(
    'is an error where it is written: %s',
    (place) => {
      expect(() => InvitationRequired(place, 'download')).toThrow(TicketInputError);
      expect(() => InvitationRequired(place, 'download')).toThrow("such as 'report/:id'");
    },
  );
});
