import { type LoggerService, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { otherCopyOf } from '../copies.js';
import { TicketOfficeModule } from '../ticket-office.module.js';
import { ticketOfficeMigrations } from '../tickets/store/ticket.migrations.js';
import { Ticket } from '../tickets/ticket.entity.js';
import { OwnColumns } from '../tickets/own-columns.js';
import { Verifiers } from '../tickets/secrets/verifier.js';
import { findMapping, mappingOf } from '../tickets/store/ticket.mapping.js';
import { TicketDatabase } from '../tickets/store/ticket.database.js';
import { TicketStore } from '../tickets/store/ticket.store.js';
import { TicketBatchIssuer } from '../tickets/issuing/ticket.batch-issuer.js';
import { TicketImporter } from '../tickets/issuing/ticket.importer.js';
import { ResumableIssuer } from '../tickets/issuing/ticket.resumable-issuer.js';
import { TicketService } from '../tickets/ticket.service.js';
import { TicketSettings } from '../tickets/ticket.settings.js';

/** What a command works with. All other files of the command line are the same for both builds: this one is the build's. */
export interface Office {
  readonly tickets: TicketService;
  readonly importer: Importer;
  readonly issuer: Issuer;
  /** The table's name, with its schema where it has one. */
  readonly table: string;
  /** The names of the library's migrations. */
  readonly migrations: readonly string[];
  /** Closes the data source, too. */
  close(): Promise<void>;
}

export type Importer = Pick<TicketImporter, 'write'>;
export type Issuer = Pick<ResumableIssuer, 'problems' | 'issueMany' | 'present'>;

export interface OfficeOptions {
  readonly secret: readonly string[];
  readonly baseUrl?: string;
}

@Module({})
class CommandLineModule {}

/**
 * Opens the ticket office on a data source that is connected.
 *
 * @throws TicketOfficeConfigurationError as an app does at boot
 */
export async function openOffice(
  dataSource: DataSource,
  options: OfficeOptions,
  logger: LoggerService,
): Promise<Office> {
  await addTicket(dataSource);
  const imports = [
    // The name is the app's: the office looks for the default one.
    TypeOrmModule.forRootAsync({
      useFactory: () => ({ ...dataSource.options, name: undefined, retryAttempts: 0 }),
      dataSourceFactory: async () => dataSource,
    }),
    TicketOfficeModule.forRoot({
      ...options,
      pass: false,
      entity: findMapping(dataSource)?.entity ?? Ticket,
    }),
  ];
  const context = await NestFactory.createApplicationContext(
    { module: CommandLineModule, imports },
    { logger, abortOnError: false },
  );
  const get = <T>(type: Type<T>): T => context.get(type, { strict: false });
  return {
    tickets: get(TicketService),
    importer: new TicketImporter(get(TicketDatabase), get(Verifiers), get(TicketSettings)),
    issuer: new ResumableIssuer(
      get(TicketBatchIssuer),
      get(TicketStore),
      get(TicketSettings),
      get(OwnColumns),
    ),
    table: mappingOf(dataSource).tablePath,
    migrations: ticketOfficeMigrations.map((migration) => new migration().name),
    close: () => context.close(),
  };
}

/** For the data source of an app that lists no `Ticket` because of `autoLoadEntities`: an app's module adds it, too. */
async function addTicket(dataSource: DataSource): Promise<void> {
  // The office says what to do about another copy's.
  if (findMapping(dataSource) || otherCopyOf(dataSource)) return;
  await dataSource.destroy();
  const { entities = [] } = dataSource.options;
  dataSource.setOptions({ entities: [...(Object.values(entities) as (typeof Ticket)[]), Ticket] });
  await dataSource.initialize();
}
