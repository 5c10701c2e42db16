import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InvitationRequired, type TicketError, TicketService } from 'nestjs-ticketoffice';
import { PLACE, PURPOSE } from '../settings.js';
import { Office } from './office.js';
import { ResidentMemory } from './resident.memory.js';

// A process of its own: `node guessed.server.js <url of a database>`. Sends its parent the port, then runs its commands.

/** A message from the parent; each gets a reply. */
export type Command =
  | { readonly action: 'watch memory' | 'report growth' }
  | { readonly action: 'guess'; readonly uuid: string; readonly passwords: readonly string[] };

@Controller()
class LouvreController {
  @Get('louvre')
  @InvitationRequired(PLACE, PURPOSE)
  visit() {
    return 'Welcome';
  }
}

const app = await NestFactory.create(Office.on(process.argv[2]!, [LouvreController]), {
  logger: ['error', 'warn'],
  forceCloseConnections: true,
});
await app.listen(0, '127.0.0.1');
const tickets = app.get(TicketService);
const memory = new ResidentMemory();

/** Resolves to the error's code, such as `TICKET_INVALID`. */
const guess = (uuid: string, password: string): Promise<string> =>
  tickets.authenticate({ uuid, password }, PLACE, PURPOSE).then(
    () => 'admitted',
    ({ code }: TicketError) => code,
  );

async function run(command: Command): Promise<unknown> {
  switch (command.action) {
    case 'watch memory':
      return memory.watch();
    case 'guess':
      return Promise.all(command.passwords.map((password) => guess(command.uuid, password)));
    case 'report growth':
      return memory.growth();
  }
}

process.on(
  'message',
  (command: Command) => void run(command).then((result) => process.send!(result ?? null)),
);
process.once('disconnect', () => void app.close());
process.send!(((app.getHttpServer() as Server).address() as AddressInfo).port);
