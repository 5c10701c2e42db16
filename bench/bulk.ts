import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { TicketOfficeModule, ticketOfficeMigrations, TicketService } from 'nestjs-ticketoffice';
import { openByHand } from './bulk/by-hand.js';
import { type BulkDatabase, createDatabase, DATABASES } from './bulk/databases.js';
import { BATCH, FULL, type Plan, QUICK } from './bulk/plan.js';
import { type Bulk, measure } from './bulk/run.js';
import { SECRET } from './settings.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    on: { type: 'string', multiple: true, default: [...DATABASES] },
  },
});
const plan = values.quick ? QUICK : FULL;

// An interrupt makes the run fail, and its `finally` drops the database.
process.once('SIGINT', () => undefined);

@Module({})
class BulkModule {}

for (const name of DATABASES.filter((one) => values.on.includes(one))) {
  const database = await createDatabase(name);
  try {
    report(name, await run(database, plan), plan);
  } finally {
    await database.drop();
  }
}

async function run({ connection }: BulkDatabase, given: Plan): Promise<Bulk> {
  const typeorm = {
    ...connection,
    autoLoadEntities: true,
    migrations: ticketOfficeMigrations,
    migrationsRun: true,
  } as TypeOrmModuleOptions;
  const imports = [TypeOrmModule.forRoot(typeorm), TicketOfficeModule.forRoot({ secret: SECRET })];
  const app = await NestFactory.createApplicationContext(
    { module: BulkModule, imports },
    { logger: ['error', 'warn'] },
  );
  const byHand = await openByHand(connection, BATCH);
  try {
    return await measure(app.get(TicketService, { strict: false }), byHand, given);
  } finally {
    await byHand.close();
    await app.close();
  }
}

function report(
  name: string,
  { ours, byHand, growth, peak }: Bulk,
  { tickets, bar, growth: most }: Plan,
): void {
  const ratio = byHand / ours;
  const passed = ratio >= bar && growth <= most;
  const rates = `ours ${(tickets / ours).toFixed(0)}/s, by hand ${(tickets / byHand).toFixed(0)}/s`;
  const heap = `heap + ${growth.toFixed(1)} MiB, at its peak + ${peak.toFixed(1)} MiB`;
  const verdict = passed ? 'reaches the bars' : 'MISSES a bar';
  console.log(
    `${name}, ${tickets} tickets: ${rates}, ratio ${ratio.toFixed(3)}; ${heap}: ${verdict} (${bar}, ${most} MiB)`,
  );
  if (!passed) process.exitCode = 1;
}
