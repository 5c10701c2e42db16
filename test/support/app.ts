import type { INestApplication, ModuleMetadata, Type } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  Ticket,
  ticketOfficeMigrations,
  TicketOfficeModule,
  type TicketOfficeOptions,
  TicketService,
} from 'nestjs-ticketoffice';
import { DataSource } from 'typeorm';
import { type StartOptions, startNestApp, type TestAdapter } from './adapters.js';
import type { TestDatabase } from './databases.js';
import { StatementLog } from './statement-log.js';

export const SECRET = 'a secret of the museum, for tests only';

/** What the handlers of a museum write down, to prove afterwards that they ran, or did not. */
export class Ledger {
  readonly entries: string[] = [];

  note(entry: string): void {
    this.entries.push(entry);
  }

  count(entry: string): number {
    return this.entries.filter((other) => other === entry).length;
  }
}

/** A row as the database has it, internals included; instants in ms. */
export interface RawTicket {
  uuid: string;
  verifier: string;
  generation: number;
  attempts: number;
  claimId: string | null;
  claimedAt: number | null;
  expiresAt: number | null;
  usedAt: number | null;
  revokedAt: number | null;
}

/** An app with a ticket office, and all that a test looks at. */
export interface Museum {
  readonly app: INestApplication;
  readonly tickets: TicketService;
  readonly dataSource: DataSource;
  readonly ledger: Ledger;
  readonly log: StatementLog;
  row: (uuid: string) => Promise<RawTicket | undefined>;
  /** Changes a row behind the library's back. */
  tamper: (uuid: string, changes: Partial<RawTicket>) => Promise<void>;
}

export interface MuseumParts extends Pick<ModuleMetadata, 'providers' | 'imports'> {
  controllers: Type[];
  options?: Partial<TicketOfficeOptions>;
  before?: StartOptions['before'];
}

/** SQLite in memory, a new one for each app: for tests that no database can change the outcome of. */
export const anyDatabase: Pick<TestDatabase, 'options'> = {
  options: (overrides) => ({
    type: 'better-sqlite3',
    database: ':memory:',
    retryAttempts: 1,
    ...(overrides as object),
  }),
};

/** Starts an app whose database has the library's migration; it closes as apps of `startApp` do. */
export async function startApp(
  adapter: TestAdapter,
  database: Pick<TestDatabase, 'options'>,
  { controllers, providers = [], imports = [], options, before }: MuseumParts,
): Promise<Museum> {
  const log = new StatementLog();
  const migrated = { migrations: ticketOfficeMigrations, migrationsRun: true };
  const typeorm = TypeOrmModule.forRoot(
    database.options({ autoLoadEntities: true, ...migrated, logger: log, logging: ['query'] }),
  );
  const settings = { isGlobal: true, secret: SECRET, baseUrl: 'http://museum.example', ...options };
  const root = {
    imports: [typeorm, TicketOfficeModule.forRoot(settings), ...imports],
    controllers,
    providers: [Ledger, ...providers],
  };
  const app = await startNestApp(adapter, root, { before });
  const dataSource = app.get(DataSource);
  const table = new TicketTable(dataSource);
  return {
    app,
    tickets: app.get(TicketService),
    dataSource,
    ledger: app.get(Ledger),
    log,
    row: (uuid) => table.row(uuid),
    tamper: (uuid, changes) => table.tamper(uuid, changes),
  };
}

/** Runs an action, and hands back the statements that it sent. */
export const queriesOf = ({ log }: Museum, action: () => Promise<unknown>): Promise<string[]> =>
  log.during(action);

class TicketTable {
  constructor(private readonly dataSource: DataSource) {}

  async row(uuid: string): Promise<RawTicket | undefined> {
    const builder = this.dataSource.createQueryBuilder().select('*').from(Ticket, 'ticket');
    const row = await builder.where('uuid = :uuid', { uuid }).getRawOne<Record<string, unknown>>();
    return row && (Object.fromEntries(Object.entries(row).map(inMilliseconds)) as unknown as RawTicket);
  }

  async tamper(uuid: string, changes: Partial<RawTicket>): Promise<void> {
    const values = Object.entries(changes).map(([name, value]) => [name, () => literal(value)]);
    const builder = this.dataSource.createQueryBuilder().update(Ticket).set(Object.fromEntries(values));
    await builder.where('uuid = :uuid', { uuid }).execute();
  }
}

// PostgreSQL's driver hands a bigint over as a string.
const inMilliseconds = ([name, value]: [string, unknown]): [string, unknown] =>
  name.endsWith('At') && value !== null ? [name, Number(value)] : [name, value];

const literal = (value: string | number | null): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
