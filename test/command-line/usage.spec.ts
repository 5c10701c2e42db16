import { closeSync, existsSync, openSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../support/built-package.js';
import { oneDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { type CommandLine, commandLine, COMMAND_SECRET } from './command.js';

oneDatabase('The command line', (database) => {
  let run: CommandLine;
  let office: TicketOffice;
  beforeAll(async () => {
    run = await commandLine(root);
    office = await startOffice(database, { secret: COMMAND_SECRET });
    run.writeDataSource('data-source.mjs', database.options());
  });

  const D = ['-d', 'data-source.mjs'];
  const VISIT = ['--place', 'louvre', '--purpose', 'visit'];

  it.each([
    ['an unknown command', ['lst', ...D], /^error: unknown command 'lst'\n\(Did you mean list\?\)$/],
    ['no command', D, /^Usage: ticket-office /],
    ['an unknown flag', ['list', ...D, '--plaice', 'x'], /^error: unknown option '--plaice'/],
    ['no data source', ['list'], /^error: required option '-d, --data-source <file>' not specified$/],
    [
      'a missing flag',
      ['issue', ...D, '--place', 'x'],
      /^ticket-office: --purpose is missing: write what the ticket admits for$/,
    ],
    ['a missing uuid', ['show', ...D], /^error: missing required argument 'uuid'$/],
    ['one argument too many', ['show', 'a', 'b', ...D], /^error: too many arguments/],
    [
      'no number',
      ['list', ...D, '--limit', 'ten'],
      /^error: option '--limit <n>' argument 'ten' is invalid\. Write a whole number\.$/,
    ],
    [
      'a number out of range',
      ['list', ...D, '--limit', '1001'],
      /^ticket-office: --limit must be a whole number from 1 to 1000$/,
    ],
    ['an unknown status', ['list', ...D, '--status', 'lost'], /^ticket-office: --status must be one of /],
    [
      'an empty filter',
      ['list', ...D, '--subject', ''],
      /^ticket-office: --subject must be a non-empty string/,
    ],
    [
      'no JSON',
      ['issue', ...D, ...VISIT, '--data', '{a}'],
      /argument '\{a\}' is invalid\. Write JSON, such as/,
    ],
    [
      'no lifetime',
      ['issue', ...D, ...VISIT, '--expires-in', '5'],
      /^ticket-office: --expires-in must be a duration, such as 24h or 5d$/,
    ],
    [
      'a code too short',
      ['issue', ...D, ...VISIT, '--digits', '4'],
      /^ticket-office: the code would be guessed too easily, .* write --digits 6 at least$/,
    ],
    [
      'no code',
      ['issue', ...D, ...VISIT, '--letters', '0'],
      /^ticket-office: the code must be of 1 to 64 digits or letters$/,
    ],
    [
      'a duplicate of no subject',
      ['issue', ...D, ...VISIT, '--on-duplicate', 'revoke'],
      /^ticket-office: --subject is missing: with --on-duplicate revoke, write/,
    ],
    [
      'two kinds of code',
      ['issue', ...D, ...VISIT, '--digits', '8', '--letters', '9'],
      /cannot be used with option/,
    ],
    [
      'a link without its address',
      ['issue', ...D, ...VISIT, '--path', '/louvre'],
      /^ticket-office: --path needs TICKET_OFFICE_BASE_URL: set it to /,
    ],
    [
      'two ways to keep',
      ['clean', ...D, '--keep', '1d', '--before', '2026-01-01'],
      /cannot be used with option/,
    ],
    [
      'an instant without a zone',
      ['clean', ...D, '--before', '2026-01-01T10:00'],
      /Write an ISO 8601 instant/,
    ],
    ['a day that is none', ['clean', ...D, '--before', '2026-02-30'], /Write an ISO 8601 instant/],
    [
      'nothing to revoke',
      ['revoke', ...D],
      /^ticket-office: write either the uuid of one ticket, or some of --subject, --place and --purpose$/,
    ],
    [
      'a ticket and a filter',
      ['revoke', 'x', ...D, '--subject', 'ada', '--yes'],
      /^ticket-office: write either the uuid/,
    ],
  ])('has exit code 2 for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it.each(['issue', 'reissue'])('needs a secret for %s alone', async (command) => {
    const args = command === 'issue' ? VISIT : ['01890a5d-ac96-774b-bcce-b302099a8057'];
    for (const [secret, message] of [
      [undefined, /^ticket-office: TICKET_OFFICE_SECRET is not set: set it to the secret of the app\n$/],
      [' \n', /is not set/],
      ['short', /^ticket-office: TICKET_OFFICE_SECRET, .* at least 32 characters .*; this one has 5\n$/],
    ] as const) {
      const ended = await run([command, ...args, ...D], { env: { TICKET_OFFICE_SECRET: secret } });
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toMatch(message);
    }
  });

  it.each(['louvre', '//other.example/louvre', '/louvre?uuid=1'])(
    'writes nothing when no link can be made to %s',
    async (path) => {
      const env = { TICKET_OFFICE_BASE_URL: 'https://museum.example' };
      const about = { place: 'louvre', purpose: 'linked' };
      const { ticket, credentials } = await office.tickets.issue(about);
      const before = await office.tickets.count(about);
      const issue = ['issue', ...D, '--place', 'louvre', '--purpose', 'linked', '--path', path];
      for (const args of [issue, ['reissue', ticket.uuid, ...D, '--path', path]]) {
        const ended = await run(args, { env });
        expect(ended).toMatchObject({ code: 2, stdout: '' });
        expect(ended.stderr).toMatch(/^ticket-office: --path (must start with one|has a parameter)/);
      }
      expect(await office.tickets.count(about)).toBe(before);
      await expect(office.tickets.authenticate(credentials, 'louvre', 'linked')).resolves.toMatchObject({
        uuid: ticket.uuid,
      });
    },
  );

  it('names the variable of an address that is none', async () => {
    const env = { TICKET_OFFICE_BASE_URL: 'https://ada:hunter2@museum.example' };
    const ended = await run(['issue', ...D, ...VISIT, '--path', '/louvre'], { env });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^ticket-office: TICKET_OFFICE_BASE_URL must be an http\(s\) URL/);
    expect(ended.stderr).not.toContain('hunter2');
  });

  it.runIf(existsSync('/dev/full'))('fails when its result cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const ended = await run.process(['list', ...D, '--json'], { stdout: full });
    closeSync(full);
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(/^ticket-office: cannot write the result: ENOSPC.*\n$/);
  });

  it('signs with the first of several secrets', async () => {
    const env = { TICKET_OFFICE_SECRET: `${COMMAND_SECRET}\n another-secret-that-was-there-before-it-01\n` };
    const { stdout } = await run(['issue', ...VISIT, ...D, '--json'], { env });
    const { uuid, password } = JSON.parse(stdout) as { uuid: string; password: string };
    await expect(office.tickets.authenticate({ uuid, password }, 'louvre', 'visit')).resolves.toMatchObject({
      uuid,
    });
  });

  it('shows help on standard output', async () => {
    for (const args of [['--help'], ['help', 'issue'], ['clean', '--help']]) {
      const { code, stdout, stderr } = await run(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: ticket-office /);
      expect(stdout).toContain('--data-source <file>');
    }
  });

  it('ends quietly when its output is read no further', async () => {
    const ended = await run.process(['list', ...D, '--json'], {
      meanwhile: ({ stdout }) => void stdout!.destroy(),
    });
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('lets no ticket forge its output', async () => {
    const forged = 'a\u001B[2J\u009Bm\u202E\nb\u200B';
    const { ticket } = await office.tickets.issue({
      place: forged,
      purpose: forged,
      subject: forged,
      data: { [forged]: forged },
    });
    const shown = 'a\\u001b[2J\\u009bm\\u202e\\u000ab\\u200b';
    const outputs = await Promise.all([
      run(['show', ticket.uuid, ...D]),
      run(['list', '--place', forged, ...D]),
      run(['list', '--place', forged, '--json', ...D]),
      run(['show', `x${forged}`, ...D]),
    ]);
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u);
    expect(outputs[0].stdout).toContain(`place    ${shown}\n`);
    expect(outputs[1].stdout).toContain(`  ${shown}  ${shown}  ${shown}  `);
    expect(JSON.parse(outputs[2].stdout)).toMatchObject([{ place: forged, data: { [forged]: forged } }]);
    expect(outputs[3].stderr).toBe(`ticket-office: there is no ticket x${shown}\n`);
  });

  it('says in one sentence that the database is away', async () => {
    run.writeDataSource('nowhere.cjs', { type: 'mariadb', url: 'mysql://ada:hunter2@127.0.0.1:1/museum' });
    const { code, stdout, stderr } = await run(['list', '-d', 'nowhere.cjs']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^ticket-office: cannot open the data source: .*ECONNREFUSED.*\n$/);
    expect(stderr).not.toContain('hunter2');
  });

  it('makes no table, and no file of a database, whatever the options of the app say', async () => {
    const none = `${run.folder}/none.sqlite`;
    run.writeDataSource('none.mjs', {
      type: 'better-sqlite3',
      database: none,
      synchronize: true,
      migrationsRun: true,
    });
    expect(await run(['list', '-d', 'none.mjs'])).toMatchObject({ code: 1, stdout: '' });
    run.write('none.sqlite', '');
    for (const command of [['list'], ['issue', ...VISIT], ['clean']]) {
      const ended = await run([...command, '-d', 'none.mjs']);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toMatch(
        /^ticket-office: The table ticket_office_ticket is missing: run the migrations/,
      );
    }
    const made = await new DataSource({ type: 'better-sqlite3', database: none }).initialize();
    expect(await made.query('SELECT name FROM sqlite_master')).toEqual([]);
    await made.destroy();
  });
});
