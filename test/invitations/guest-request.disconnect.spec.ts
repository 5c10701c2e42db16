import { connect } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { InvitationRequired, type Ticket } from 'nestjs-ticketoffice';
import { afterEach, expect, it, vi } from 'vitest';
import { PasswordQueue } from '../../lib/tickets/admission/password.queue.js';
import { eachAdapter, request } from '../support/adapters.js';
import { barrier } from '../support/barrier.js';
import { anyDatabase, startApp } from '../support/app.js';

@Controller()
class LouvreController {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit(): string {
    return 'Welcome';
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

eachAdapter('a guest with a human password who hangs up', (adapter) => {
  async function withFullQueue(size: number) {
    const options = { argon2: { concurrency: 1, queue: size } };
    const museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController], options });
    const { ticket } = await museum.tickets.issue({
      place: 'louvre',
      purpose: 'visit',
      password: 'I love Paris',
    });
    const queue = museum.app.get(PasswordQueue);
    const end = barrier();
    const first = queue.run(() => end.opened);
    const running = vi.spyOn(queue, 'run');
    const { port } = museum.app.getHttpServer().address() as { port: number };
    /** Connections that send guesses, once all of them wait. */
    const guess = async (connections: number, each: number) => {
      const text = `GET ${urlOf(ticket, 'wrong')} HTTP/1.1\r\nHost: museum\r\n\r\n`;
      const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1'));
      for (const socket of sockets) socket.on('error', () => undefined).write(text.repeat(each));
      await vi.waitUntil(() => running.mock.calls.length === connections * each);
      return sockets;
    };
    const left = () => Promise.allSettled(running.mock.results.map(({ value }) => value as Promise<unknown>));
    return { museum, ticket, guess, left, open: end.open, first };
  }
  const urlOf = ({ uuid }: Ticket, password: string) =>
    `/louvre?uuid=${uuid}&password=${encodeURIComponent(password)}`;

  it.each([
    ['one by one', 5, 1],
    ['several on one connection', 1, 5],
  ])('[G-3] leaves the queue, uncounted and unchecked: %s', async (_, connections, each) => {
    const { museum, ticket, guess, left, open, first } = await withFullQueue(connections * each);
    const sockets = await guess(connections, each);
    const full = await request(museum.app).get(urlOf(ticket, 'wrong')).set('Accept', 'application/json');
    expect(full.status).toBe(503);
    expect(full.headers['retry-after']).toBe('1');
    expect(full.body).toMatchObject({ errorCode: 'TICKET_OFFICE_BUSY' });
    for (const socket of sockets) socket.destroy();
    await left();
    const next = request(museum.app).get(urlOf(ticket, 'I love Paris'));
    open();
    await first;
    expect((await next).status).toBe(303);
    expect((await museum.row(ticket.uuid))!.attempts).toBe(0);
  });
});
