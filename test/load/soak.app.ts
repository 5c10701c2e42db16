import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Ticket, ticketOfficeMigrations, TicketOfficeModule, TicketService } from 'nestjs-ticketoffice';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { startNestApp, type TestAdapter } from '../support/adapters.js';
import { SECRET } from '../support/app.js';
import type { TestDatabase } from '../support/databases.js';
import { skipRetryWaits } from '../support/retry-waits.js';
import { createVisits, Visit as VisitRow } from '../support/visits.js';
import { controllersOf, type SoakStamp, VISIT } from './soak.controllers.js';
import { DatabaseFaults } from './soak.database-faults.js';
import { SoakLedger } from './soak.ledger.js';
import { after } from './soak.run.js';
import { startUpstream } from './soak.upstream.js';

/** After how long Fastify gives up, in ms: most handlers are quicker. */
export const HANDLER_TIMEOUT = 300;

/** Connections of the app's pool, which are never idle for too long, so that they can be counted. */
const POOL = { max: 10, idleTimeoutMillis: 0 };

/** An app with a route for each shape and each stamp, and all that is counted of it. */
export interface SoakApp {
  readonly platform: TestAdapter['name'];
  readonly stamps: readonly SoakStamp[];
  readonly ledger: SoakLedger;
  readonly tickets: TicketService;
  readonly dataSource: DataSource;
  readonly pool: Pool;
  readonly databaseFaults: DatabaseFaults;
  readonly server: Server;
  readonly port: number;
  /** Those on the server's side that are open. */
  readonly sockets: ReadonlySet<Socket>;
}

/** It closes after the test, or after the block. */
export async function startSoakApp(
  platform: TestAdapter['name'],
  database: TestDatabase,
  stamps: readonly SoakStamp[],
): Promise<SoakApp> {
  // A request that waits before it tries again is not to be seen from outside.
  skipRetryWaits();
  const ledger = new SoakLedger();
  const sockets = new Set<Socket>();
  await startUpstream();
  const migrated = { migrations: ticketOfficeMigrations, migrationsRun: true };
  const root = {
    imports: [
      TypeOrmModule.forRoot(database.options({ autoLoadEntities: true, ...migrated, extra: POOL })),
      TypeOrmModule.forFeature([VisitRow]),
      TicketOfficeModule.forRoot({ isGlobal: true, secret: SECRET }),
    ],
    controllers: stamps.flatMap((stamp) => controllersOf(stamp, ledger)),
    providers: [{ provide: SoakLedger, useValue: ledger }],
  };
  const adapter = { name: platform, create: () => adapterOf(platform) };
  const app = await startNestApp(adapter, root, { before: (made) => prepare(made, ledger, sockets) });
  const dataSource = app.get(DataSource);
  await createVisits(dataSource);
  // Rows that an earlier app has left, which may have had a naive stamp.
  for (const entity of [Ticket, VisitRow]) await dataSource.getRepository(entity).clear();
  const server = app.getHttpServer() as Server;
  return {
    platform,
    stamps,
    ledger,
    tickets: app.get(TicketService),
    dataSource,
    pool: (dataSource.driver as unknown as { master: Pool }).master,
    databaseFaults: new DatabaseFaults(dataSource),
    server,
    port: (server.address() as AddressInfo).port,
    sockets,
  };
}

const adapterOf = (platform: TestAdapter['name']) =>
  platform === 'Express'
    ? new ExpressAdapter()
    : new FastifyAdapter({ forceCloseConnections: true, handlerTimeout: HANDLER_TIMEOUT });

function prepare(app: INestApplication, ledger: SoakLedger, sockets: Set<Socket>): void {
  const server = app.getHttpServer() as Server;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const answerAfter = ledger.visits.get(String(request.headers[VISIT]))?.answerAfter;
    if (answerAfter !== undefined) void after(answerAfter).then(() => answer(response));
    next();
  });
}

function answer(response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = 503;
  response.end('Too late');
}
