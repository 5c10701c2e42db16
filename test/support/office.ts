import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { Ticket, TicketOfficeModule, TicketService, type TicketOfficeOptions } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import type { DatabaseOverrides, TestDatabase } from './databases.js';
import { afterwards } from './suite-scope.js';

export const SECRET = 'for tests only: more than thirty-two characters';

/** The least cost of argon2 that is accepted: tests check hundreds of passwords. */
const CHEAPEST = { memoryCost: 7168, timeCost: 5 };

export interface TicketOffice {
  tickets: TicketService;
  dataSource: DataSource;
  app: TestingModule;
}

/** What the module knows before its options. */
interface OfficeExtras {
  readonly entity: Type<Ticket>;
}

/** Boots the ticket office on a database, without HTTP; it closes after the test, or after the block. */
export async function startOffice(
  database: TestDatabase,
  options: Partial<TicketOfficeOptions & OfficeExtras> = {},
  typeorm: DatabaseOverrides = {},
): Promise<TicketOffice> {
  // All data sources of one name share the entities that forFeature() has ever named in the process.
  const name = options.entity && `museum of ${randomUUID()}`;
  const root = database.options({
    autoLoadEntities: true,
    synchronize: true,
    ...(name && { name }),
    ...typeorm,
  });
  const argon2 = { ...CHEAPEST, ...options.argon2 };
  const imports = [
    TypeOrmModule.forRoot(root),
    TicketOfficeModule.forRoot({
      secret: SECRET,
      baseUrl: 'https://museum.example',
      ...(name && { dataSource: name }),
      ...options,
      argon2,
    }),
  ];
  const app = await Test.createTestingModule({ imports }).compile();
  await app.init().catch(async (error: unknown) => {
    // On Nest 11, to close what has failed to start fails once more.
    await app.close().catch(() => undefined);
    throw error;
  });
  afterwards(() => app.close());
  return { tickets: app.get(TicketService), dataSource: app.get<DataSource>(getDataSourceToken(name)), app };
}

/** A ticket's columns as the database has them, internals included. */
export async function rawRow(dataSource: DataSource, uuid: string): Promise<Record<string, unknown>> {
  const { tableName } = dataSource.getMetadata(Ticket);
  const rows = dataSource.createQueryBuilder().select('*').from(tableName, 'ticket');
  return (await rows.where('uuid = :uuid', { uuid }).getRawOne())!;
}

/** Changes a row behind the library's back, as somebody with access to the database can. */
export async function rewriteRow(
  dataSource: DataSource,
  uuid: string,
  columns: Record<string, string | number | null>,
): Promise<void> {
  const changes = Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      () => (value === null ? 'NULL' : typeof value === 'number' ? String(value) : `:${name}`),
    ]),
  );
  const update = dataSource.createQueryBuilder().update(Ticket).set(changes).setParameters(columns);
  const { affected } = await update.where('uuid = :uuid', { uuid }).execute();
  if (affected !== 1) throw new Error(`there is no ticket ${uuid} to rewrite`);
}
