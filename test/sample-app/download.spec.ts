import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { Claim } from 'nestjs-ticketoffice';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendDownload } from '../../sample-app/report/download.js';

/** A claim that records its end. */
const claimOn = (events: string[]) =>
  ({
    stamp: async () => void events.push('stamped'),
    release: async () => void events.push('released'),
  }) as Claim;

/** Sends the file to one guest; returns, in order, what happened to the ticket, and what was thrown. */
async function eventsOf(
  file: Readable,
  receive: (guest: IncomingMessage) => unknown,
  idleTimeout?: number,
): Promise<string[]> {
  const events: string[] = [];
  const server = createServer((_request, response) => {
    response.once('finish', () => events.push('sent'));
    sendDownload(claimOn(events), file, response, idleTimeout)
      .catch((error: Error) => {
        events.push(error.message);
        response.end(); // as Nest does when it is too late to respond
      })
      .finally(() => server.emit('over'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const over = once(server, 'over');
  const { port } = server.address() as AddressInfo;
  const [guest] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
  await receive(guest);
  await over;
  return events;
}

const endless = () =>
  Readable.from(
    (function* pages() {
      for (;;) yield 'a page'.repeat(1000);
    })(),
  );

describe('The download of a claimed ticket', () => {
  it('stamps the ticket once the last byte has been sent', async () => {
    const whole = (guest: IncomingMessage) => buffer(guest);
    expect(await eventsOf(Readable.from(['a', 'b']), whole)).toEqual(['sent', 'stamped']);
  });

  it('releases the ticket when reading the file fails, and the client sees an aborted response', async () => {
    const file = Readable.from(
      (function* failing() {
        yield 'the beginning';
        throw new Error('The disk is gone');
      })(),
    );
    const cutShort = (guest: IncomingMessage) => expect(buffer(guest)).rejects.toThrow('aborted');
    expect(await eventsOf(file, cutShort)).toEqual(['released', 'The disk is gone']);
  });

  it('releases the ticket when the guest disconnects, which is no error', async () => {
    const file = endless();
    const hangUp = (guest: IncomingMessage) => void guest.destroy();
    expect(await eventsOf(file, hangUp)).toEqual(['released']);
    expect(file.destroyed).toBe(true);
  });

  it('releases the ticket when the guest stops reading', async () => {
    const stopReading = (guest: IncomingMessage) => void guest.on('error', () => undefined).pause();
    expect(await eventsOf(endless(), stopReading, 50)).toEqual(['released']);
  });

  it('releases the ticket when the guest has disconnected before it began', async () => {
    const events: string[] = [];
    const file = Readable.from(['a']);
    const server = createServer((_request, response) => {
      response.once('close', () => {
        void sendDownload(claimOn(events), file, response)
          .catch((error: Error) => events.push(error.message))
          .finally(() => server.emit('over'));
      });
      response.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const over = once(server, 'over');
    get({ port: (server.address() as AddressInfo).port, agent: false }).on('error', () => undefined);
    await over;
    expect(events).toEqual(['released']);
    expect(file.destroyed).toBe(true);
  });
});
