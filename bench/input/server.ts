import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { All, Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InvitationRequired, TicketOfficeModule, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { PLACE, PURPOSE, SECRET } from '../settings.js';

// A process of its own: `node server.js Express`. Sends its parent the port, and its CPU time in µs when it is asked.
const isFastify = process.argv[2] === 'Fastify';
const LIMIT = 2_000_000;

@Controller()
class InputController {
  @All('unguarded')
  unguarded() {
    return 'Welcome';
  }

  @All('guarded')
  @InvitationRequired(PLACE, PURPOSE, { credentials: ['body'] })
  guarded() {
    return 'Welcome';
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      database: ':memory:',
      autoLoadEntities: true,
      migrations: ticketOfficeMigrations,
      migrationsRun: true,
    }),
    TicketOfficeModule.forRoot({ secret: SECRET }),
  ],
  controllers: [InputController],
})
class InputModule {}

const adapter = isFastify ? new FastifyAdapter({ bodyLimit: LIMIT }) : new ExpressAdapter();
const app = await NestFactory.create(InputModule, adapter, {
  logger: ['error'],
  forceCloseConnections: true,
});
if (!isFastify) (app as NestExpressApplication).useBodyParser('json', { limit: LIMIT });
await app.listen(0, '127.0.0.1');
process.send!(((app.getHttpServer() as Server).address() as AddressInfo).port);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!(user + system);
});
process.once('disconnect', () => void app.close());
