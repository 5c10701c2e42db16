import { readFileSync } from 'node:fs';
import { ticketOfficeMigrations } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { clockFinding } from '../../lib/command-line/doctor.clock.js';
import { root } from '../support/built-package.js';
import { eachDatabase, eachServer, oneDatabase } from '../support/databases.js';
import { startOffice } from '../support/office.js';
import { type CommandLine, commandLine, COMMAND_SECRET } from './command.js';

interface Diagnosis {
  readonly what: string;
  readonly status: string;
  readonly message: string;
  readonly advice?: string;
}

const CHECKS = [
  'secret',
  'base URL',
  'connection',
  'office',
  'table',
  'indexes',
  'migrations',
  'clock',
  'pooler',
];
const ENVIRONMENT = { TICKET_OFFICE_BASE_URL: 'https://museum.example' };

async function diagnose(
  run: CommandLine | CommandLine['process'],
  file: string,
  env: Record<string, string | undefined> = {},
) {
  const ended = await run(['doctor', '--json', '-d', file], { env: { ...ENVIRONMENT, ...env } });
  expect(ended.stderr).toBe('');
  expect(ended.stdout).not.toContain(COMMAND_SECRET);
  const found = JSON.parse(ended.stdout) as Diagnosis[];
  expect(found.map(({ what }) => what)).toEqual(CHECKS);
  const statuses = Object.fromEntries(found.map(({ what, status }) => [what, status]));
  const messages = Object.fromEntries(found.map(({ what, message }) => [what, message]));
  return { code: ended.code, statuses, messages };
}

const HEALTHY = Object.fromEntries(CHECKS.map((what) => [what, 'ok']));

eachDatabase('ticket-office doctor', (database) => {
  let run: CommandLine;
  beforeAll(async () => {
    run = await commandLine(root);
    run.writeDataSource('data-source.mjs', { ...database.options(), migrationsRun: true, synchronize: true });
    if (database.name === 'sqlite') await (await database.connect()).destroy();
  });

  it('finds a database without the table, and makes none', async () => {
    for (const again of [1, 2]) {
      const { code, statuses } = await diagnose(run, 'data-source.mjs');
      const missing = { table: 'fail', indexes: 'warn', migrations: 'fail' };
      expect([again, code, statuses]).toEqual([again, 1, { ...HEALTHY, ...missing }]);
    }
  });

  it('finds nothing wrong once the migrations have run, and what is lost since', async () => {
    const migrated = await startOffice(database, {}, { synchronize: false, ...migrations() });
    expect(await diagnose(run, 'data-source.mjs')).toMatchObject({ code: 0, statuses: HEALTHY });

    const runner = migrated.dataSource.createQueryRunner();
    const { indices } = (await runner.getTable('ticket_office_ticket'))!;
    await runner.dropIndex(
      'ticket_office_ticket',
      indices.find(({ columnNames }) => columnNames.includes('subject'))!,
    );
    await runner.release();
    const lacking = await diagnose(run, 'data-source.mjs');
    expect(lacking).toMatchObject({ code: 0, statuses: { ...HEALTHY, indexes: 'warn' } });
    expect(lacking.messages['indexes']).toBe('there is none on subject + uuid');

    await migrated.dataSource.query("DELETE FROM migrations WHERE name LIKE 'Index%'");
    expect(await diagnose(run, 'data-source.mjs')).toMatchObject({
      code: 1,
      statuses: { ...HEALTHY, indexes: 'warn', migrations: 'fail' },
    });
  });
});

eachServer('ticket-office doctor', (database) => {
  it.each([
    [5_000, 'warn', 'behind', 0],
    [-60_000, 'fail', 'ahead', 1],
  ])('sees a clock that is %i ms off', async (ms, status, which, code) => {
    const run = await commandLine(root);
    await startOffice(database, {}, { synchronize: true });
    const file = run.writeDataSource('data-source.cjs', database.options());
    const skew = `const now = Date.now; Date.now = () => now() + ${ms};\n`;
    run.write('data-source.cjs', skew + readFileSync(file, 'utf8'));
    // A process of its own, for the clock is the process's.
    const found = await diagnose(run.process, 'data-source.cjs');
    expect(found).toMatchObject({ code, statuses: { clock: status } });
    expect(found.messages['clock']).toMatch(new RegExp(`^the database's is \\d+\\.\\d{3} s ${which}$`));
  });
});

const migrations = () => ({ migrations: ticketOfficeMigrations, migrationsRun: true });

oneDatabase('ticket-office doctor', (database) => {
  let run: CommandLine;
  beforeAll(async () => {
    run = await commandLine(root);
    await startOffice(database, {}, { synchronize: true });
    run.writeDataSource('data-source.mjs', database.options());
  });

  it.each([
    ['is missing', undefined, /^TICKET_OFFICE_SECRET is not set/],
    ['is short', 'too-short', /blanks separate several secrets, must be a string of at least 32 characters/],
    ['is there twice', `${COMMAND_SECRET} ${COMMAND_SECRET}`, /must not have the same secret twice/],
  ])('fails, and checks the rest, when the secret %s', async (_, secret, message) => {
    const { code, statuses, messages } = await diagnose(run, 'data-source.mjs', {
      TICKET_OFFICE_SECRET: secret,
      TICKET_OFFICE_BASE_URL: 'museum',
    });
    expect(code).toBe(1);
    // The table was made by synchronize.
    expect(statuses).toEqual({ ...HEALTHY, secret: 'fail', 'base URL': 'fail', migrations: 'warn' });
    expect(messages['secret']).toMatch(message);
  });

  it('checks what it can without a database', async () => {
    const nowhere = { type: 'postgres', host: '127.0.0.1', port: 1, password: 'hunter2' };
    run.writeDataSource('nowhere.mjs', nowhere);
    const { code, statuses, messages } = await diagnose(run, 'nowhere.mjs');
    expect(code).toBe(1);
    const [, , , ...rest] = CHECKS;
    const unchecked = Object.fromEntries(rest.map((what) => [what, 'warn']));
    expect(statuses).toEqual({ ...HEALTHY, connection: 'fail', ...unchecked });
    expect(messages['connection']).toMatch(/^cannot open the data source: .*ECONNREFUSED/);
    expect(messages['clock']).toBe('not checked: there is no connection');
    expect(JSON.stringify(messages)).not.toContain('hunter2');
  });

  it('writes a line for each check', async () => {
    const { code, stdout } = await run(['doctor', '-d', 'data-source.mjs']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(CHECKS.length);
    expect(lines[0]).toBe('ok    secret      one, of good shape');
    expect(lines[1]).toBe('warn  base URL    TICKET_OFFICE_BASE_URL is not set (links need it: --path)');
  });
});

it.each([
  [0, 0, 'ok'],
  [900, 0, 'ok'],
  [1001, 0, 'warn'],
  [-1500, 0, 'warn'],
  // It may be the way there that took so long.
  [1500, 600, 'ok'],
  [30_001, 0, 'fail'],
  [-40_000, 20, 'fail'],
  [-30_010, 20, 'warn'],
])('The clock of a database that is %i ms ahead, give or take %i, is %s', (ahead, within, status) => {
  expect(clockFinding({ ahead, within }).status).toBe(status);
});
