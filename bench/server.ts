import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule } from 'nestjs-ticketoffice';
import { BoxOfficeController } from './box-office.controller.js';
import { ByHand } from './by-hand.js';
import { connectionTo } from './database.js';
import { RoutesController } from './routes.controller.js';
import { SECRET } from './settings.js';

// A process of its own: `node server.js <url of an empty database>`. Sends its parent the port.
const url = process.argv[2]!;

@Module({
  imports: [TypeOrmModule.forRoot(connectionTo(url)), TicketOfficeModule.forRoot({ secret: SECRET })],
  providers: [{ provide: ByHand, useFactory: () => new ByHand(url) }],
  controllers: [RoutesController, BoxOfficeController],
})
class BenchModule {}

const app = await NestFactory.create(BenchModule, { logger: ['error', 'warn'], forceCloseConnections: true });
await app.listen(0, '127.0.0.1');
process.send!(((app.getHttpServer() as Server).address() as AddressInfo).port);
process.once('disconnect', () => void app.close());
