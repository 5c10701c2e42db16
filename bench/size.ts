import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Ticket, ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { v7 } from 'uuid';
import { execute, type ServerType } from '../test/support/database-servers.js';
import { existingServer } from '../test/support/existing-servers.js';
import { temporaryFolder } from '../test/support/temporary-folder.js';

// How many bytes a ticket takes: `node build/bench/bench/size.js [tickets]`, after `npm run bench:build`.

const TICKETS = Number(process.argv[2] ?? 100_000);
const BATCH = 500;
const UPDATED = 50;
const TABLE = 'ticket_office_ticket';

interface Size {
  /** In bytes, its primary key included. */
  readonly table: number;
  /** In bytes: the other indexes. */
  readonly indexes: number;
}

interface Measured {
  readonly options: DataSourceOptions;
  readonly size: (dataSource: DataSource) => Promise<Size>;
  readonly drop: () => Promise<unknown>;
}

const one = async (dataSource: DataSource, sql: string) =>
  (await dataSource.query<Record<string, unknown>[]>(sql))[0]!;

async function onServer(type: ServerType, size: Measured['size']): Promise<Measured> {
  const server = await existingServer(type);
  const name = `ticketoffice_size_${randomBytes(4).toString('hex')}`;
  await execute(type, server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: name, protocol: type }).href;
  return { options: { type, url }, size, drop: () => execute(type, server, `DROP DATABASE ${name}`) };
}

const databases: Record<string, () => Promise<Measured>> = {
  PostgreSQL: () =>
    onServer('postgres', async (dataSource) => {
      await dataSource.query(`VACUUM ${TABLE}`);
      const { heap, key, indexes } = await one(
        dataSource,
        `SELECT pg_table_size('${TABLE}') AS heap, pg_indexes_size('${TABLE}') AS indexes,
           (SELECT pg_relation_size(indexrelid) FROM pg_index WHERE indrelid = '${TABLE}'::regclass AND indisprimary) AS key`,
      );
      return { table: Number(heap) + Number(key), indexes: Number(indexes) - Number(key) };
    }),
  MariaDB: () =>
    onServer('mariadb', async (dataSource) => {
      await dataSource.query(`ANALYZE TABLE ${TABLE}`);
      const { heap, indexes } = await one(
        dataSource,
        `SELECT data_length AS heap, index_length AS indexes FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name = '${TABLE}'`,
      );
      return { table: Number(heap), indexes: Number(indexes) };
    }),
  SQLite: async () => {
    const folder = await temporaryFolder('size');
    const pages = async (dataSource: DataSource, names: string) =>
      Number(
        (await one(dataSource, `SELECT SUM(pgsize) AS bytes FROM dbstat WHERE name IN (${names})`))['bytes'],
      );
    return {
      options: { type: 'better-sqlite3', database: join(folder, 'size.sqlite') },
      async size(dataSource) {
        const key = `'${TABLE}', 'sqlite_autoindex_${TABLE}_1'`;
        const table = await pages(dataSource, key);
        const all = `SELECT name FROM sqlite_master WHERE tbl_name = '${TABLE}'`;
        return { table, indexes: (await pages(dataSource, all)) - table };
      },
      drop: () => rm(folder, { recursive: true }),
    };
  },
};

/** As `issue()` writes it for a link: a subject of 36 characters, data of 23 bytes, a generated secret. */
const row = () => ({
  uuid: v7(),
  place: 'account',
  purpose: 'reset password',
  subject: randomUUID(),
  data: { firstName: 'Léonard' },
  createdAt: new Date(),
  expiresAt: new Date(Date.now() + 86_400_000),
  verifier: `hmac-sha256$${randomBytes(6).toString('base64url')}$${randomBytes(32).toString('base64url')}`,
  generation: 1,
  attempts: 0,
});

async function measure(name: string, { options, size, drop }: Measured): Promise<void> {
  const dataSource = await new DataSource({
    ...options,
    entities: [Ticket],
    migrations: ticketOfficeMigrations,
    migrationsRun: true,
  }).initialize();
  const print = async (what: string) => {
    const { table, indexes } = await size(dataSource);
    const each = (bytes: number) => String(Math.round(bytes / TICKETS)).padStart(5);
    console.log(`${name.padEnd(12)} ${what.padEnd(20)} table ${each(table)}  indexes ${each(indexes)}`);
  };
  try {
    const insert = () => dataSource.createQueryBuilder().insert().into(Ticket).updateEntity(false);
    for (let count = 0; count < TICKETS; count += BATCH) {
      await insert()
        .values(Array.from({ length: BATCH }, row))
        .execute();
    }
    await print('issued');
    // First claimed, then stamped, some at a time: what an UPDATE leaves behind is counted, too.
    const changes: Record<string, () => string>[] = [
      { claimId: () => `'${randomUUID()}'`, claimedAt: () => String(Date.now()) },
      { usedAt: () => String(Date.now()) },
    ];
    const uuids = (await dataSource.getRepository(Ticket).find({ select: { uuid: true } })).map(
      ({ uuid }) => uuid,
    );
    for (let from = 0; from < uuids.length; from += UPDATED) {
      for (const change of changes) {
        const update = dataSource.createQueryBuilder().update(Ticket).set(change);
        await update.where('uuid IN (:...some)', { some: uuids.slice(from, from + UPDATED) }).execute();
      }
    }
    await print('claimed and stamped');
  } finally {
    await dataSource.destroy();
    await drop();
  }
}

console.log(`${TICKETS} tickets; bytes each, the primary key counted with the table`);
for (const [name, open] of Object.entries(databases)) await measure(name, await open());
