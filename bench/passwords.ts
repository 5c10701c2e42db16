import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { TicketService } from 'nestjs-ticketoffice';
import { createDatabase } from './database.js';
import type { Verdict } from './figures.js';
import { measureSlowdown } from './passwords/slowdown.js';
import { measureGrowth } from './passwords/memory.js';
import { Office } from './passwords/office.js';
import { measureOverhead } from './passwords/overhead.js';
import { CONCURRENCY, FULL, type Plan, QUICK } from './passwords/plan.js';
import { judgeGrowth, judgeOverhead, judgeSlowdown, overheadLine } from './passwords/report.js';
import { makeSubjects } from './passwords/subjects.js';
import { closePool } from './pool.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

// An interrupt ends the child processes, too: the run then fails, and its `finally` drops the database.
process.once('SIGINT', () => undefined);

const database = await createDatabase();
try {
  console.log(`PostgreSQL at ${database.server}, ${CONCURRENCY} hashes at a time`);
  await run(database.url, values.quick ? QUICK : FULL);
} finally {
  await database.drop();
}

async function run(url: string, plan: Plan): Promise<void> {
  const app = await NestFactory.createApplicationContext(Office.on(url), { logger: ['error', 'warn'] });
  const subjects = await makeSubjects(app.get(TicketService), url);
  try {
    const { bars, guests } = plan;
    for (const growth of await measureGrowth(url, subjects.guessed, guests))
      report(judgeGrowth(growth, bars.spare));
    report(judgeSlowdown(await measureSlowdown(subjects, plan), bars.slowdown));
    if (!values.quick) console.log(overheadLine(await measureOverhead(subjects, plan, 1)));
    report(judgeOverhead(await measureOverhead(subjects, plan, CONCURRENCY), bars.overhead));
  } finally {
    await closePool(subjects.pool);
    await app.close();
  }
}

function report({ passed, text }: Verdict): void {
  console.log(text);
  if (!passed) process.exitCode = 1;
}
