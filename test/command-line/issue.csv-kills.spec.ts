import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../support/built-package.js';
import { eachDatabase, oneDatabase, type TestDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type CommandLine, COMMAND_SECRET, commandLine } from './command.js';
import { faultsOf, guestsOf, killableDataSource, type Mode, type Plan, runKilled } from './killed.runs.js';

/** Of the long run, which `npm run test:csv` starts. */
const RUNS = Number(process.env['TICKET_OFFICE_TEST_CSV'] ?? 0);

function museum(name: string, database: TestDatabase, packageFolder: () => Promise<string>) {
  const opened = {} as { run: CommandLine; office: TicketOffice };
  beforeAll(async () => {
    opened.run = await commandLine(await packageFolder());
    opened.office = await startOffice(database, { secret: COMMAND_SECRET });
    opened.run.write('killable.mjs', killableDataSource(database.options()));
  });
  let runs = 0;
  return async (plan: Plan) => {
    const { run, office } = opened;
    const place = `${name}-${plan.mode}-${(runs += 1)}`;
    const outcome = await runKilled(run, place, plan);
    const faults = await faultsOf(office.tickets, place, join(run.folder, `${place}.links.csv`), plan);
    return { ...outcome, faults };
  };
}

const planOf = (rows: number, mode: Mode, batchSize: number, kills: number): Plan => ({
  guests: guestsOf(rows, mode),
  mode,
  batchSize,
  kills,
});

eachDatabase('a CSV run that is killed', (database) => {
  const runs = museum('louvre', database, async () => root);

  it.each([
    ['allow', 300, 3],
    ['revoke', 100, 2],
    ['reject', 100, 2],
  ] as const)(
    'ends, run again, with one valid ticket for each guest, on duplicates: %s',
    async (mode, rows, kills) => {
      const { ended, told, faults } = await runs(planOf(rows, mode, 10, kills));
      expect(faults, told).toEqual([]);
      expect(ended, told).toMatchObject({ code: mode === 'reject' ? 1 : 0 });
    },
  );

  it.runIf(RUNS > 0)(
    `does so ${RUNS} times with 3,000 guests and six kills`,
    { timeout: 7_200_000 },
    async () => {
      let killed = 0;
      for (let round = 0; round < RUNS; round += 1) {
        const mode = (['allow', 'revoke', 'allow', 'reject'] as const)[round % 4]!;
        const { ended, told, faults, kills } = await runs(planOf(3000, mode, 100, 6));
        expect(faults, told).toEqual([]);
        expect(ended, told).toMatchObject({ code: mode === 'reject' ? 1 : 0 });
        killed += kills;
      }
      process.stdout.write(`${database.name}: ${RUNS} runs of 3,000 guests, ${killed} kills\n`);
      expect(killed).toBeGreaterThan(RUNS * 4);
    },
  );
});

/** The built package with another text in one of its files. */
async function changedPackage(file: string, from: string | RegExp, to: string): Promise<string> {
  const folder = await temporaryFolder('csv-double');
  for (const name of ['dist', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, 'dist/esm', file);
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, changed);
  return folder;
}

/** Kills until there is a fault. */
async function caught(runs: (plan: Plan) => Promise<{ readonly faults: string[] }>): Promise<string[]> {
  for (let tries = 0; tries < 20; tries += 1) {
    const { faults } = await runs(planOf(100, 'allow', 10, 3));
    if (faults.length > 0) return faults;
  }
  return [];
}

oneDatabase('the check of killed runs catches', (database) => {
  const insertsFirst = museum('orsay', database, () =>
    changedPackage(
      'tickets/issuing/ticket.batch-issuer.js',
      /(if \(shown\)\s+await beforeBatch\(shown\);)([^]*?)(const \[tickets, written\] = await Promise\.all\([^;]*;)/,
      '$3$2$1',
    ),
  );
  it('a run that writes tickets to the database before its file', { timeout: 600_000 }, async () => {
    expect((await caught(insertsFirst)).join()).toMatch(/table has not|are valid, and not/);
  });

  const looksNothingUp = museum('rodin', database, () =>
    changedPackage('command-line/csv/resumption.js', /await missingOf\([^;]*;/, '0;'),
  );
  it('a run that takes each row of its file for issued', { timeout: 600_000 }, async () => {
    expect((await caught(looksNothingUp)).join()).toMatch(/is TICKET_INVALID, and not valid/);
  });
});
