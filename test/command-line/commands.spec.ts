import { beforeAll, expect, it } from 'vitest';
import { root } from '../support/built-package.js';
import { eachDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';
import { type CommandLine, commandLine, COMMAND_SECRET } from './command.js';

const BASE_URL = 'https://museum.example';
const UUID = /^[0-9a-f-]{36}$/;

eachDatabase('The commands', (database) => {
  let run: CommandLine;
  let office: TicketOffice;
  beforeAll(async () => {
    run = await commandLine(root);
    office = await startOffice(database, { secret: COMMAND_SECRET });
    for (const name of ['data-source.mjs', 'data-source.cjs'])
      run.writeDataSource(name, {
        ...database.options(),
        synchronize: true,
        dropSchema: true,
        logging: true,
      });
  });

  it.each(['mjs', 'cjs'])(
    'issue a ticket that the app admits, with a data source in a .%s file',
    async (format) => {
      const args = [
        '--place',
        'louvre',
        '--purpose',
        'visit',
        '--subject',
        format,
        '--data',
        '{"firstName":"Léonard"}',
      ];
      const issue = [
        'issue',
        '-d',
        `data-source.${format}`,
        ...args,
        '--expires-in',
        '5d',
        '--path',
        '/louvre?page=2',
      ];
      const ended = await run([...issue, '--json'], { env: { TICKET_OFFICE_BASE_URL: BASE_URL } });
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      const { uuid, password, link, expiresAt } = JSON.parse(ended.stdout) as Record<string, string>;
      const ticket = await office.tickets.authenticate(
        { uuid: uuid!, password: password! },
        'louvre',
        'visit',
      );
      expect(ticket).toMatchObject({ subject: format, data: { firstName: 'Léonard' } });
      expect(ticket.expiresAt!.getTime() - ticket.createdAt.getTime()).toBe(5 * 24 * 3_600_000);
      expect(expiresAt).toBe(ticket.expiresAt!.toISOString());
      expect(link).toBe(office.tickets.url('/louvre?page=2', { uuid: uuid!, password: password! }));
    },
  );

  it('list, show, revoke and reopen tickets', async () => {
    const about = { place: 'orsay', purpose: 'visit', subject: 'ada' };
    const { ticket } = await office.tickets.issue({ ...about, data: { room: 7 } });
    const { uuid } = ticket;
    const file = ['-d', 'data-source.mjs'];
    const noSecret = { env: { TICKET_OFFICE_SECRET: undefined } };

    const listed = await run([...file, 'list', '--place', 'orsay', '--json'], noSecret);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    const { createdAt, expiresAt, usedAt, revokedAt } = JSON.parse(JSON.stringify(ticket)) as typeof ticket;
    const json = {
      uuid,
      status: 'valid',
      ...about,
      data: { room: 7 },
      createdAt,
      expiresAt,
      usedAt,
      revokedAt,
    };
    expect(JSON.parse(listed.stdout)).toEqual([json]);
    const shown = await run(['show', uuid, ...file], noSecret);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^status +valid$/m);
    expect(shown.stdout).toMatch(/^guesses +-$/m);
    expect(shown.stdout).toMatch(/^data +\{"room":7\}$/m);

    expect(await run(['reopen', uuid, ...file], noSecret)).toMatchObject({ code: 1, stdout: '' });
    await office.tickets.claim(ticket);
    expect(await run(['reopen', uuid, ...file], noSecret)).toMatchObject({ code: 0, stdout: 'Reopened.\n' });

    expect(await run(['revoke', uuid, ...file, '--json'], noSecret)).toMatchObject({
      code: 0,
      stdout: '{\n  "revoked": 1\n}\n',
    });
    expect((await office.tickets.find(uuid))?.revoked).toBe(true);
    expect(await run(['revoke', uuid, ...file], noSecret)).toEqual({
      code: 1,
      stdout: '',
      stderr: `ticket-office: the ticket ${uuid} is revoked already\n`,
    });
    const [newest] = JSON.parse(
      (await run(['list', ...file, '--newest', '--limit', '1', '--json'])).stdout,
    ) as object[];
    expect(newest).toMatchObject({ uuid });
    const table = await run(['list', ...file, '--place', 'orsay', '--status', 'revoked', 'used'], noSecret);
    expect(table.stderr).toBe('1 ticket.\n');
    expect(table.stdout).toMatch(
      /^UUID +STATUS +PLACE +PURPOSE +SUBJECT +EXPIRES\n\S+ +revoked +orsay +visit +ada +\S+Z\n$/,
    );
  });

  it('revoke what a filter finds, once it is confirmed', async () => {
    const about = { place: 'account', purpose: 'reset', subject: '42' };
    for (const input of [about, about, { ...about, subject: '43' }]) await office.tickets.issue(input);
    const revoke = ['revoke', '-d', 'data-source.mjs', '--subject', '42', '--place', 'account'];
    expect(await run(revoke)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'ticket-office: this would revoke 2 tickets: add --yes to do it\n',
    });
    expect(await office.tickets.count({ status: 'valid', place: 'account' })).toBe(3);
    expect(await run([...revoke, '--yes'])).toEqual({ code: 0, stdout: 'Revoked 2 tickets.\n', stderr: '' });
    expect(await office.tickets.count({ status: 'valid', place: 'account' })).toBe(1);
  });

  it('issue no duplicate, where they are told so', async () => {
    const about = { place: 'account', purpose: 'reset', subject: 'ada' };
    const { ticket } = await office.tickets.issue(about);
    const flags = ['--place', 'account', '--purpose', 'reset', '--subject', 'ada', '--on-duplicate'];
    const issue = ['issue', '-d', 'data-source.cjs', ...flags];
    expect(await run([...issue, 'reject'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `ticket-office: the ticket ${ticket.uuid} is valid for this place, purpose and subject: none was issued\n`,
    });
    expect(await run([...issue, 'revoke'])).toMatchObject({ code: 0, stderr: '' });
    expect(await office.tickets.count({ ...about, status: 'valid' })).toBe(1);
  });

  it('reissue a ticket', async () => {
    const visit = { place: 'louvre', purpose: 'visit' };
    const { ticket, credentials } = await office.tickets.issue(visit);
    const reissue = ['reissue', ticket.uuid, '-d', 'data-source.cjs'];
    const env = { TICKET_OFFICE_BASE_URL: BASE_URL };
    const { code, stdout, stderr } = await run([...reissue, '--path', '/louvre', '--expires-in', '9d'], {
      env,
    });
    expect([code, stderr]).toEqual([0, '']);
    const link = new URL(stdout.trim());
    const password = link.searchParams.get('password')!;
    expect(link.href).toBe(office.tickets.url('/louvre', { uuid: ticket.uuid, password }));
    const again = await office.tickets.authenticate({ uuid: ticket.uuid, password }, 'louvre', 'visit');
    expect(again.expiresAt!.getTime()).toBeGreaterThan(ticket.expiresAt!.getTime());
    await expect(office.tickets.authenticate(credentials, 'louvre', 'visit')).rejects.toThrow();

    await office.tickets.revoke(ticket.uuid);
    const refused = await run([...reissue, '--json']);
    const stderrOf = (why: string) => `ticket-office: the ticket ${ticket.uuid} ${why}\n`;
    expect(refused).toEqual({ code: 1, stdout: '', stderr: stderrOf('is revoked: issue another one') });
  });

  it('find no ticket', async () => {
    const none = '01890a5d-ac96-774b-bcce-b302099a8057';
    for (const command of ['show', 'revoke', 'reopen']) {
      const ended = await run([command, none, '-d', 'data-source.cjs']);
      expect(ended).toEqual({ code: 1, stdout: '', stderr: `ticket-office: there is no ticket ${none}\n` });
    }
  });

  it('prints no secret but the one that it issues', async () => {
    const issued = await run([
      'issue',
      '-d',
      'data-source.mjs',
      '--place',
      'louvre',
      '--purpose',
      'visit',
      '--digits',
      '8',
    ]);
    expect(issued).toMatchObject({ code: 0, stderr: '' });
    const [, uuid, password] = /^uuid +(\S+)\npassword +(\d{8})\nexpires +\S+Z\n$/.exec(issued.stdout)!;
    expect(uuid).toMatch(UUID);
    const others = await Promise.all([
      run(['show', uuid!, '-d', 'data-source.mjs', '--json']),
      run(['list', '-d', 'data-source.mjs', '--json']),
    ]);
    for (const { stdout, stderr } of [issued, ...others])
      expect(stdout + stderr).not.toContain(COMMAND_SECRET);
    for (const { stdout, stderr } of others) expect(stdout + stderr).not.toContain(password);
  });
});
