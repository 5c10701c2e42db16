import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InvitationRequired, type TicketError, TicketService } from 'nestjs-ticketoffice';
import { PLACE, PURPOSE } from '../settings.js';
import { Office } from './office.js';
import { ResidentMemory } from './resident.memory.js';

// A process of its own: `node guessed.server.js <url of a database>`. Tells its parent the port, and does what it is told.

/** What the parent can ask for; each is answered. */
export type Order =
  | { readonly action: 'watch memory' | 'tell growth' }
  | { readonly action: 'guess'; readonly uuid: string; readonly passwords: readonly string[] };

@Controller()
class Door {
  @Get('louvre')
  @InvitationRequired(PLACE, PURPOSE)
  visit() {
    return 'Welcome';
  }
}

const app = await NestFactory.create(Office.on(process.argv[2]!, [Door]), {
  logger: ['error', 'warn'],
  forceCloseConnections: true,
});
await app.listen(0, '127.0.0.1');
const tickets = app.get(TicketService);
const memory = new ResidentMemory();

/** The error's code, such as `TICKET_INVALID`. */
const guess = (uuid: string, password: string): Promise<string> =>
  tickets.authenticate({ uuid, password }, PLACE, PURPOSE).then(
    () => 'admitted',
    ({ code }: TicketError) => code,
  );

async function obey(order: Order): Promise<unknown> {
  switch (order.action) {
    case 'watch memory':
      return memory.watch();
    case 'guess':
      return Promise.all(order.passwords.map((password) => guess(order.uuid, password)));
    case 'tell growth':
      return memory.growth();
  }
}

process.on('message', (order: Order) => void obey(order).then((result) => process.send!(result ?? null)));
process.once('disconnect', () => void app.close());
process.send!(((app.getHttpServer() as Server).address() as AddressInfo).port);
