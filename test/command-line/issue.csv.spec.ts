import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../support/built-package.js';
import { eachDatabase, oneDatabase, type TestDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { type CommandLine, COMMAND_SECRET, commandLine } from './command.js';
import { outputRows } from './killed.runs.js';

const LOUVRE = ['--place', 'louvre', '--purpose', 'visit'];
const env = { TICKET_OFFICE_BASE_URL: 'https://museum.example' };

function museum(database: TestDatabase) {
  const opened = {} as { run: CommandLine; office: TicketOffice };
  beforeAll(async () => {
    opened.run = await commandLine(root);
    opened.office = await startOffice(database, { secret: COMMAND_SECRET });
    opened.run.writeDataSource('data-source.mjs', database.options());
  });
  const path = (name: string) => join(opened.run.folder, name);
  return {
    opened,
    path,
    read: (name: string) => readFileSync(path(name), 'utf8'),
    issue: (from: string, out: string, ...flags: string[]) =>
      opened.run(['issue', '-d', 'data-source.mjs', '--from', from, '--out', out, ...flags], { env }),
  };
}

eachDatabase('ticket-office issue --from', (database) => {
  const { opened, path, read, issue } = museum(database);

  it('issues a ticket for each row, names the bad ones, and issues nothing when it is run again', async () => {
    const lines = [
      '\uFEFFsubject,firstName,expiresIn,place',
      '1,Léonard,5d,',
      '',
      '2,"Ada, ""the first""\r\nof her name",,orsay',
      '3,Bob',
      '4,Eve,soon,',
      ',,,',
      '5,"=1+1",,',
      '6,Zoë,,,',
    ];
    opened.run.write('guests.csv', lines.join('\r\n'));
    const stderr =
      'line 6 is left out: it has 2 cells, and not 4\n' +
      'line 7 is left out: expiresIn must be a duration, such as 24h or 5d\n' +
      'line 10 is left out: it has 5 cells, and not 4\n';
    const first = await issue('guests.csv', 'links.csv', ...LOUVRE, '--path', '/louvre?floor=2');
    expect(first).toEqual({ code: 1, stdout: '3 issued, 0 there already, 3 left out.\n', stderr });
    const text = read('links.csv');
    expect(text.split('\n')[0]).toBe('subject,firstName,expiresIn,place,uuid,link,expiresAt');
    expect(statSync(path('links.csv')).mode & 0o777).toBe(0o600);
    const { tickets } = opened.office;
    const issued = [];
    for (const [index, { credentials, uuid }] of outputRows(path('links.csv')).entries()) {
      const ticket = await tickets.authenticate(credentials, index === 1 ? 'orsay' : 'louvre', 'visit');
      expect(ticket.uuid).toBe(uuid);
      expect(text).toContain(ticket.expiresAt!.toISOString());
      issued.push([ticket.subject, ticket.data, ticket.expiresAt!.getTime() - ticket.createdAt.getTime()]);
    }
    const day = 24 * 60 * 60 * 1000;
    expect(issued).toEqual([
      ['1', { firstName: 'Léonard' }, 5 * day],
      ['2', { firstName: 'Ada, "the first"\r\nof her name' }, day],
      ['5', { firstName: '=1+1' }, day],
    ]);
    const again = await issue('guests.csv', 'links.csv', ...LOUVRE, '--path', '/louvre?floor=2', '--json');
    expect(again).toMatchObject({ code: 1, stderr });
    expect(JSON.parse(again.stdout)).toEqual({ issued: 0, present: 3, leftOut: 3 });
    expect(read('links.csv')).toBe(text);
    expect(existsSync(path('links.csv.lock'))).toBe(false);
    expect(await tickets.count({ place: ['louvre', 'orsay'][1]! })).toBe(1);
  });

  it('issues codes, and leaves out the guests who have a ticket', async () => {
    opened.run.write('twice.csv', 'subject,name\na,Ada\nb,Bob\na,Ada\nc,Eve\n');
    const flags = ['--place', 'rodin', '--purpose', 'visit', '--digits', '8', '--on-duplicate', 'reject'];
    const first = await issue('twice.csv', 'codes.csv', ...flags);
    expect(first).toMatchObject({ code: 1, stdout: '3 issued, 0 there already, 1 left out.\n' });
    expect(first.stderr).toMatch(/^line 4 is left out: the ticket \S{36} is valid for its place/);
    const text = read('codes.csv');
    expect(text).toMatch(
      /^subject,name,uuid,password,expiresAt\na,Ada,[\w-]{36},\d{8},[^\n]+Z\nb,.*\nc,.*\n$/,
    );
    const again = await issue('twice.csv', 'codes.csv', ...flags);
    expect(again).toMatchObject({ code: 1, stdout: '0 issued, 3 there already, 1 left out.\n' });
    expect(read('codes.csv')).toBe(text);
    expect(await opened.office.tickets.count({ place: 'rodin', status: 'valid' })).toBe(3);
  });
});

oneDatabase('ticket-office issue --from', (database) => {
  const { opened, path, read, issue } = museum(database);
  beforeAll(() => void opened.run.write('guests.csv', 'subject\n1\n2\n3\n'));
  const count = () => opened.office.tickets.count({ place: 'louvre' });

  it('touches no file that is not its output', async () => {
    await issue('guests.csv', 'links.csv', ...LOUVRE);
    const text = read('links.csv');
    opened.run.write('others.csv', 'subject\n1\n5\n3\n');
    opened.run.write('notes.txt', 'bring umbrellas');
    opened.run.write('fewer.csv', 'subject\n1\n2\n');
    const before = await count();
    const refused = [
      ['others.csv', 'links.csv', 'links.csv is the output of another input, or of other flags (line 3)'],
      ['fewer.csv', 'links.csv', 'links.csv is the output of another input, or of other flags (line 4)'],
      ['guests.csv', 'notes.txt', 'notes.txt is the output of another input'],
      ['guests.csv', './guests.csv', 'guests.csv is the input: write another --out'],
      ['guests.csv', 'nowhere/links.csv', 'there is no folder nowhere: make it'],
      ['guests.csv', '.', 'is no file: write another --out'],
      ['nobody.csv', 'links.csv', 'cannot read nobody.csv: ENOENT'],
    ] as const;
    for (const [from, out, message] of refused) {
      const ended = await issue(from, out, ...LOUVRE);
      expect(ended, message).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain(message);
      expect(ended.stderr.split('\n')).toHaveLength(2);
    }
    expect(await issue('guests.csv', 'links.csv', ...LOUVRE, '--path', '/louvre')).toMatchObject({ code: 2 });
    const orsay = await issue('guests.csv', 'links.csv', '--place', 'orsay', '--purpose', 'visit');
    expect(orsay).toMatchObject({ code: 2, stdout: '' });
    expect(orsay.stderr).toContain('links.csv is the output of another input, or of other flags');
    expect([read('links.csv'), read('notes.txt')]).toEqual([text, 'bring umbrellas']);
    expect(await count()).toBe(before);
    expect(existsSync(path('links.csv.lock'))).toBe(false);
  });

  it('refuses flags that do not fit, before anything is written', async () => {
    const common = ['issue', '-d', 'data-source.mjs'];
    const refused = [
      [['--from', 'guests.csv', ...LOUVRE], '--out is missing'],
      [['--out', 'a.csv', ...LOUVRE], '--out and --batch-size are for --from'],
      [
        ['--from', 'guests.csv', '--out', 'a.csv', ...LOUVRE, '--subject', '1'],
        '--subject and --data are for one',
      ],
      [
        ['--from', 'guests.csv', '--out', 'a.csv', ...LOUVRE, '--batch-size', '0'],
        '--batch-size must be from 1',
      ],
      [['--from', 'guests.csv', '--out', 'a.csv', ...LOUVRE, '--digits', '2'], 'write --digits 6 at least'],
      [
        ['--from', 'guests.csv', '--out', 'a.csv', ...LOUVRE, '--path', 'louvre'],
        '--path must start with one',
      ],
      [
        ['--from', 'guests.csv', '--out', 'a.csv', ...LOUVRE, '--on-duplicate', 'ask'],
        '--on-duplicate must be one of',
      ],
      [['--from', 'guests.csv', '--out', 'a.csv', ...LOUVRE, '--expires-in', '5'], '--expires-in must be'],
      [
        ['--from', 'guests.csv', '--out', 'a.csv', '--place', 'louvre'],
        'there is no column purpose: add it, or --purpose',
      ],
      [['--purpose', 'visit'], '--place is missing'],
    ] as const;
    for (const [flags, message] of refused) {
      const ended = await opened.run([...common, ...flags], { env });
      expect(ended, message).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain(message);
    }
    expect(existsSync(path('a.csv'))).toBe(false);
  });

  it('keeps the rows whose tickets another database has', async () => {
    const away = 'subject,uuid,password,expiresAt\n1,01a21e69-03b5-74d1-a704-ae95ce5e410c,secret,\n';
    opened.run.write('away.csv', away);
    const ended = await issue('guests.csv', 'away.csv', ...LOUVRE);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('the database has no tickets for the last 1 rows of');
    expect(read('away.csv')).toBe(away);
  });

  it('waits for no run that was killed, and keeps off a file that another run writes', async () => {
    const lock = (holder: object) => writeFileSync(path('locked.csv.lock'), `${JSON.stringify(holder)}\n`);
    lock({ pid: process.pid, host: hostname(), started: startedAt() });
    const running = await issue('guests.csv', 'locked.csv', ...LOUVRE);
    expect(running).toMatchObject({ code: 1, stdout: '' });
    expect(running.stderr).toContain(`another run, process ${process.pid}, writes the output`);
    lock({ pid: 1, host: 'another.example', started: null });
    const elsewhere = await issue('guests.csv', 'locked.csv', ...LOUVRE);
    expect(elsewhere.stderr).toContain('once that has ended, empty ');
    expect(existsSync(path('locked.csv'))).toBe(false);
    // As `: > locked.csv.lock` makes it.
    writeFileSync(path('locked.csv.lock'), '');
    expect(await issue('guests.csv', 'locked.csv', ...LOUVRE)).toMatchObject({ code: 0 });
    expect(existsSync(path('locked.csv.lock'))).toBe(false);
    // Killed after its batch was in the file, and run again with smaller ones.
    const [, ...uuids] = read('locked.csv').match(/[\da-f]{8}-[\da-f-]{27}/g)!;
    for (const uuid of uuids)
      await opened.office.dataSource.query(`DELETE FROM ticket_office_ticket WHERE uuid = '${uuid}'`);
    lock({ pid: 2 ** 22 + 1, host: hostname(), started: null });
    const small = await issue('guests.csv', 'locked.csv', ...LOUVRE, '--batch-size', '1');
    expect(small).toMatchObject({ code: 0, stdout: '2 issued, 1 there already, 0 left out.\n' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('ends after the batch that runs on %s, and goes on from there', async (signal, code) => {
    const [out, place] = [`${signal}.csv`, signal];
    opened.run.write(
      'interrupted.mjs',
      `import { DataSource, EventSubscriber } from 'typeorm';
      let inserts = 0;
      class Interruption {
        beforeQuery({ query }) {
          if (/^INSERT/.test(query) && (inserts += 1) === 2) process.kill(process.pid, '${signal}');
        }
      }
      EventSubscriber()(Interruption);
      const options = ${JSON.stringify(database.options())};
      export default new DataSource({ ...options, subscribers: [Interruption] });`,
    );
    opened.run.write('six.csv', 'subject\n1\n2\n3\n4\n5\n6\n');
    const rest = [
      '--from',
      'six.csv',
      '--out',
      out,
      '--place',
      place,
      '--purpose',
      'visit',
      '--batch-size',
      '1',
    ];
    const ended = await opened.run.process(['issue', '-d', 'interrupted.mjs', ...rest]);
    const issued = await opened.office.tickets.count({ place });
    expect(issued).toBeLessThan(6);
    expect(ended).toEqual({
      code,
      stdout: '',
      stderr: `ticket-office: interrupted: ${issued} tickets issued so far; the same command goes on from there\n`,
    });
    const again = await opened.run(['issue', '-d', 'data-source.mjs', ...rest]);
    expect(again.stdout).toBe(`${6 - issued} issued, ${issued} there already, 0 left out.\n`);
    expect(await opened.office.tickets.count({ place, status: 'valid' })).toBe(6);
  });

  it.skipIf(process.getuid?.() === 0)('says why it cannot write', async () => {
    opened.run.write('fixed.csv', '');
    chmodSync(path('fixed.csv'), 0o400);
    expect((await issue('guests.csv', 'fixed.csv', ...LOUVRE)).stderr).toContain('cannot write');
  });
});

/** As proc(5) has it, on Linux. */
function startedAt(): string | null {
  if (!existsSync('/proc/self/stat')) return null;
  const text = readFileSync('/proc/self/stat', 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]!;
}
