import { Test } from '@nestjs/testing';
import {
  InvitationGuard,
  StampInTransaction,
  StampInvitation,
  Ticket,
  TicketInputError,
  TicketOfficeConfigurationError,
  TicketService,
} from 'nestjs-ticketoffice';
import { admit, recordStamps, ticketFor, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import type { EntityManager } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { captureLog } from '../invitations/captured-log.js';
import { eachAdapter, request, type TestAdapter } from '../support/adapters.js';
import { afterwards } from '../support/suite-scope.js';
import { Room, RoomsController } from './rooms.controller.js';

const testing = () =>
  Test.createTestingModule({
    imports: [TicketOfficeTestingModule.withoutDatabase()],
    controllers: [RoomsController],
  });

describe('A controller’s unit test without a database', () => {
  it('[F-24] resolves guard, stamps and service, and calls a method with a ticket', async () => {
    const app = await testing().compile();
    const ticket = ticketFor({ data: { firstName: 'Léonard' } });
    expect(app.get(RoomsController).visit(ticket)).toBe('Welcome Léonard');
    expect(app.get(TicketService).url('/louvre', { uuid: ticket.uuid, password: 'secret' })).toBe(
      `http://localhost:3000/louvre?uuid=${ticket.uuid}&password=secret`,
    );
    await app.close();
  });

  it('[F-24] says of every call of the service that there is no database', async () => {
    const tickets = (await testing().compile()).get(TicketService);
    const { uuid } = ticketFor();
    const scope = { place: 'louvre', purpose: 'visit' };
    for (const call of [
      () => tickets.issue(scope),
      () => tickets.issue(scope, {} as EntityManager),
      () => tickets.find(uuid),
      () => tickets.count(scope),
      () => tickets.revoke(uuid),
      () => tickets.check(),
      () => tickets.authenticate({ uuid, password: 'I love Paris' }, 'louvre', 'visit'),
    ]) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
      expect(String(error)).toContain('This test has no database');
    }
  });
});

describe('admit()', () => {
  it.each([undefined, null, {}, 'ticket', ticketFor().uuid])('refuses %o', (ticket) => {
    expect(() => admit(ticket as never)).toThrow(TicketInputError);
    expect(() => admit(ticket as never)).toThrow('admit(): ticket must be a ticket, ticketFor({ … })');
  });
});

async function start(adapter: TestAdapter, ticket?: Ticket, manager?: EntityManager) {
  const stamps = recordStamps({ manager });
  const builder = testing();
  if (ticket) {
    builder.overrideGuard(InvitationGuard).useValue(admit(ticket));
    builder.overrideInterceptor(StampInvitation).useValue(stamps);
    builder.overrideInterceptor(StampInTransaction).useValue(stamps);
  }
  const app = (await builder.compile()).createNestApplication(adapter.create(), { logger: false });
  afterwards(() => app.close());
  await app.listen(0, '127.0.0.1');
  return { app, stamps };
}

eachAdapter('A controller’s HTTP test without a database', (adapter) => {
  it('[F-24] hands the admitted ticket to the handler, and records what was used', async () => {
    const ticket = ticketFor({ data: { firstName: 'Léonard' } });
    const { app, stamps } = await start(adapter, ticket);
    const look = await request(app).get('/look');
    expect([look.status, look.text, stamps.used]).toEqual([200, ticket.uuid, []]);
    const welcome = await request(app).get('/louvre');
    expect([welcome.status, welcome.text]).toEqual([200, 'Welcome Léonard']);
    expect(stamps.used).toEqual([ticket]);
  });

  it('says of a stamp that was left as it is what to override it by', async () => {
    const builder = testing().overrideGuard(InvitationGuard).useValue(admit(ticketFor()));
    const app = (await builder.compile()).createNestApplication(adapter.create(), { logger: false });
    afterwards(() => app.close());
    await app.listen(0, '127.0.0.1');
    const logged = captureLog();
    expect((await request(app).get('/louvre')).status).toBe(500);
    expect(logged.map(({ text }: { text: unknown }) => String(text)).join()).toContain('recordStamps()');
  });

  it('records nothing where the handler fails', async () => {
    const { app, stamps } = await start(adapter, ticketFor({ subject: 'closed' }));
    expect((await request(app).get('/louvre')).status).toBe(500);
    expect(stamps.used).toEqual([]);
  });

  it('hands the test’s manager to the handler', async () => {
    const rows: unknown[] = [];
    const manager = { insert: async (...row: unknown[]) => void rows.push(row) } as unknown as EntityManager;
    const ticket = ticketFor();
    const { app, stamps } = await start(adapter, ticket, manager);
    expect((await request(app).post('/rooms')).status).toBe(201);
    expect(rows).toEqual([[Room, { id: ticket.uuid, guests: 1 }]]);
    expect(stamps.used).toEqual([ticket]);
  });

  it('[F-24] answers a stranger as ever, and logs what to override where a ticket would be looked up', async () => {
    const { app } = await start(adapter);
    expect((await request(app).get('/louvre')).status).toBe(401);
    const logged = captureLog();
    const { uuid } = ticketFor();
    const holder = await request(app).get('/louvre').set('Authorization', `Ticket ${uuid}:I love Paris`);
    expect(holder.status).toBe(500);
    expect(logged.map(({ text }: { text: unknown }) => String(text)).join()).toContain(
      'useValue(admit(ticket))',
    );
  });
});
