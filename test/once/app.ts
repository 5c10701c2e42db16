import './statement.checkpoints.js';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule } from 'nestjs-ticketoffice';
import type { AppSettings } from './app.settings.js';
import { Effect } from './effect.entity.js';
import { atLevel } from './isolation.js';
import { controllersOf } from './routes.js';
import { Tally } from './tally.js';

@Module({})
class AppModule {}

/** Starts an app on a free port, in this process, on tables that are there already. */
export async function startApp(settings: AppSettings): Promise<INestApplication> {
  const { name, platform, database, isolation, clockOffset = 0, ...options } = settings;
  const now = () => new Date(Date.now() + clockOffset);
  const root = {
    module: AppModule,
    imports: [
      TypeOrmModule.forRoot(atLevel({ ...database, autoLoadEntities: true }, isolation)),
      TypeOrmModule.forFeature([Effect]),
      TicketOfficeModule.forRoot({ isGlobal: true, now, ...options }),
    ],
    controllers: controllersOf(name),
    providers: [Tally],
  };
  const adapter =
    platform === 'Express' ? new ExpressAdapter() : new FastifyAdapter({ forceCloseConnections: true });
  const app = await NestFactory.create(root, adapter, { logger: ['error'], forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  return app;
}

export const portOf = (app: INestApplication): number =>
  ((app.getHttpServer() as Server).address() as AddressInfo).port;
