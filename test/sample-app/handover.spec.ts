import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { Claim } from 'nestjs-ticketoffice';
import { describe, expect, it, onTestFinished } from 'vitest';
import { handOver } from '../../sample-app/report/handover.js';

/** A claim that tells what becomes of it. */
const claimOn = (told: string[]) =>
  ({
    stamp: async () => void told.push('stamped'),
    release: async () => void told.push('released'),
  }) as Claim;

/** Sends the file to one guest; tells, in order, what became of his ticket, and what was thrown. */
async function sending(
  file: Readable,
  meet: (guest: IncomingMessage) => unknown,
  patience?: number,
): Promise<string[]> {
  const told: string[] = [];
  const server = createServer((_request, response) => {
    response.once('finish', () => told.push('handed over'));
    handOver(claimOn(told), file, response, patience)
      .catch((error: Error) => {
        told.push(error.message);
        response.end(); // as Nest ends what it can no longer answer
      })
      .finally(() => server.emit('over'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const over = once(server, 'over');
  const { port } = server.address() as AddressInfo;
  const [guest] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
  await meet(guest);
  await over;
  return told;
}

const endless = () =>
  Readable.from(
    (function* pages() {
      for (;;) yield 'a page'.repeat(1000);
    })(),
  );

describe('A file that is handed over', () => {
  it('uses the ticket up once its last byte has left', async () => {
    const whole = (guest: IncomingMessage) => buffer(guest);
    expect(await sending(Readable.from(['a', 'b']), whole)).toEqual(['handed over', 'stamped']);
  });

  it('gives the ticket back when it cannot be read to its end, and what was sent looks cut short', async () => {
    const file = Readable.from(
      (function* failing() {
        yield 'the beginning';
        throw new Error('The disk is gone');
      })(),
    );
    const cutShort = (guest: IncomingMessage) => expect(buffer(guest)).rejects.toThrow('aborted');
    expect(await sending(file, cutShort)).toEqual(['released', 'The disk is gone']);
  });

  it('gives the ticket back when the guest hangs up, which is no fault', async () => {
    const file = endless();
    const hangUp = (guest: IncomingMessage) => void guest.destroy();
    expect(await sending(file, hangUp)).toEqual(['released']);
    expect(file.destroyed).toBe(true);
  });

  it('gives the ticket back when the guest takes nothing any more', async () => {
    const stopReading = (guest: IncomingMessage) => void guest.on('error', () => undefined).pause();
    expect(await sending(endless(), stopReading, 50)).toEqual(['released']);
  });

  it('gives the ticket back when the guest has gone before it began', async () => {
    const told: string[] = [];
    const server = createServer((_request, response) => {
      response.once('close', () => {
        void handOver(claimOn(told), Readable.from(['a']), response)
          .catch((error: Error) => told.push(error.message))
          .finally(() => server.emit('over'));
      });
      response.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const over = once(server, 'over');
    get({ port: (server.address() as AddressInfo).port, agent: false }).on('error', () => undefined);
    await over;
    expect(told).toEqual(['released']);
  });
});
