import { setImmediate as nextTurn } from 'node:timers/promises';
import { TypeOrmModule } from '@nestjs/typeorm';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { type Credentials, TicketService } from 'nestjs-ticketoffice';
import { expect, it, vi } from 'vitest';
import { captureLog } from '../invitations/captured-log.js';
import { eachAdapter, request } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { aroundQueries } from '../support/around-queries.js';
import { barrier } from '../support/barrier.js';
import { eachDatabase } from '../support/databases.js';
import { afterwards } from '../support/suite-scope.js';

const visit = { place: 'team', purpose: 'join' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

/** Shows credentials to the office; whatever comes of it. */
const show = (tickets: TicketService, credentials: { uuid: string; password: string } | Credentials) =>
  tickets.authenticate(credentials, visit.place, visit.purpose).catch((error: unknown) => error);

eachAdapter('The recipes of events', (adapter) => {
  eachDatabase('The audit log', (database) => {
    it('has each event, less what strangers are refused, and all of them when the app has closed', async () => {
      const { AuditLog } = await import('./audit.log.js');
      const { AuditEntry } = await import('./audit-entry.entity.js');
      const { app, tickets, dataSource } = await startApp(adapter, database, {
        controllers: [],
        imports: [TypeOrmModule.forFeature([AuditEntry])],
        providers: [AuditLog],
      });
      await dataSource.synchronize();
      const closing = barrier();
      aroundQueries(dataSource, async (sql, run) => {
        // A slow database: nothing is written before the app has begun to close.
        if (/^INSERT INTO .audit_entry/.test(sql)) {
          await closing.opened;
          for (let turn = 0; turn < 50; turn += 1) await nextTurn();
        }
        return run();
      });
      const { ticket, credentials } = await tickets.issue({ ...visit, data: { secret: 'of the app' } });
      await show(tickets, { uuid: UNKNOWN, password: credentials.password });
      await show(tickets, { uuid: ticket.uuid, password: 'wrong' });
      await show(tickets, credentials);
      await (await tickets.claim(ticket)).stamp();
      await show(tickets, credentials);
      closing.open();
      await app.close();
      const types = ['admitted', 'claimed', 'issued', 'refused', 'stamped'];
      const after = await database.connect({ entities: [AuditEntry] });
      const written = await after.manager.find(AuditEntry);
      expect(written.map(({ type }) => type).toSorted((one, other) => one.localeCompare(other))).toEqual(
        types,
      );
      expect(new Set(written.map(({ uuid }) => uuid))).toEqual(new Set([ticket.uuid]));
      expect(JSON.parse(written.find(({ type }) => type === 'refused')!.details)).toMatchObject({
        ...visit,
        reason: 'used',
        holder: true,
      });
      expect(JSON.stringify(written)).not.toMatch(/of the app|tkt_/);
    });
  });

  it('count events for Prometheus, with labels that nobody can multiply', async () => {
    const { MetricsController, TicketMetrics } = await import('./ticket.metrics.js');
    const { app, tickets } = await startApp(adapter, anyDatabase, {
      controllers: [MetricsController],
      providers: [TicketMetrics],
    });
    const { credentials } = await tickets.issue(visit);
    for (const place of ['a', 'b', 'c'])
      await tickets.authenticate(credentials, place, 'x').catch(() => undefined);
    await show(tickets, credentials);
    await tickets.clean();
    const metrics = await request(app).get('/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(metrics.text.split('\n').filter((line) => line.startsWith('ticket_'))).toEqual([
      'ticket_events_total{type="issued",reason="",holder=""} 1',
      'ticket_events_total{type="refused",reason="elsewhere",holder="false"} 3',
      'ticket_events_total{type="admitted",reason="",holder=""} 1',
      'ticket_events_total{type="cleaned",reason="",holder=""} 1',
    ]);
  });

  it('put events on the span of the request that has caused them', async () => {
    const exporter = new InMemorySpanExporter();
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
    afterwards(() => {
      trace.disable();
      context.disable();
    });
    const { TicketSpans } = await import('./ticket.spans.js');
    const { tickets } = await startApp(adapter, anyDatabase, { controllers: [], providers: [TicketSpans] });
    const { credentials } = await tickets.issue(visit); // without a span
    await trace.getTracer('museum').startActiveSpan('visit', async (span) => {
      await tickets.redeem(credentials, visit.place, visit.purpose, () => undefined);
      await show(tickets, credentials);
      span.end();
    });
    const events = exporter.getFinishedSpans().flatMap((span) => span.events);
    expect(events.map(({ name }) => name)).toEqual(['ticket.admitted', 'ticket.stamped', 'ticket.refused']);
    expect(events.at(-1)!.attributes).toEqual({
      'ticket.uuid': credentials.uuid,
      'ticket.place': 'team',
      'ticket.purpose': 'join',
      'ticket.reason': 'used',
    });
  });

  it('send a new link for an expired one, once, to the address of the invitation alone', async () => {
    const { ExpiredInvitations } = await import('./expired.invitations.js');
    const { Mail } = await import('./mail.js');
    const { app, tickets, tamper } = await startApp(adapter, anyDatabase, {
      controllers: [],
      providers: [ExpiredInvitations, Mail],
    });
    const { sent } = app.get(Mail);
    const expired = async (input: object = {}) => {
      const { credentials } = await tickets.issue({ ...visit, subject: 'lisa@museum.example', ...input });
      await tamper(credentials.uuid, { expiresAt: Date.now() - 1 });
      return credentials;
    };
    const credentials = await expired();
    await show(tickets, { uuid: credentials.uuid, password: 'of a stranger' });
    await Promise.all(Array.from({ length: 20 }, () => show(tickets, credentials)));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]!.to).toBe('lisa@museum.example');
    for (let time = 0; time < 3; time += 1) await show(tickets, credentials);
    const { searchParams } = new URL(sent[0]!.text);
    const renewed = { uuid: searchParams.get('uuid')!, password: searchParams.get('password')! };
    expect(await show(tickets, renewed)).toMatchObject({ uuid: credentials.uuid });

    // Neither for another purpose, nor for one that is used, nor for an old one.
    const reset = await expired({ purpose: 'leave' });
    await tickets.authenticate(reset, 'team', 'leave').catch(() => undefined);
    const used = await expired();
    await tamper(used.uuid, { usedAt: Date.now() });
    await show(tickets, used);
    const old = await expired();
    await tamper(old.uuid, { createdAt: 0 } as object);
    await show(tickets, old);
    // What would have been sent for one of these would have been sent before this one's.
    await show(tickets, await expired({ subject: 'leonard@museum.example' }));
    await vi.waitFor(() => expect(sent.at(-1)!.to).toBe('leonard@museum.example'));
    expect(sent).toHaveLength(2);
  });

  it('log it when the mail of a new link cannot be sent, and answer all the same', async () => {
    const { ExpiredInvitations } = await import('./expired.invitations.js');
    const { Mail } = await import('./mail.js');
    const { app, tickets, tamper } = await startApp(adapter, anyDatabase, {
      controllers: [],
      providers: [ExpiredInvitations, Mail],
    });
    const log = captureLog();
    const failed = barrier();
    vi.spyOn(app.get(Mail), 'send').mockImplementationOnce(async () => {
      failed.open();
      throw new Error('the mail server is down');
    });
    const { credentials } = await tickets.issue({ ...visit, subject: 'lisa@museum.example' });
    await tamper(credentials.uuid, { expiresAt: Date.now() - 1 });
    expect(await show(tickets, credentials)).toMatchObject({ code: 'TICKET_EXPIRED' });
    await failed.opened;
    await vi.waitFor(() => expect(log.map(({ text }) => text).join()).toContain('No new link was sent'));
  });
});
