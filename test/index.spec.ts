import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import * as library from '../lib/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (command: string, ...args: string[]) => promisify(execFile)(command, args, { cwd: root });

const VALUES = [
  'CredentialsError',
  'Invitation',
  'InvitationGuard',
  'InvitationManager',
  'InvitationRequired',
  'NoTicketError',
  'StampInTransaction',
  'StampInvitation',
  'TICKET_OFFICE_OPTIONS',
  'Ticket',
  'TicketBusyError',
  'TicketError',
  'TicketExpiredError',
  'TicketInputError',
  'TicketNotFoundError',
  'TicketOfficeBusyError',
  'TicketOfficeConfigurationError',
  'TicketOfficeModule',
  'TicketRevokedError',
  'TicketService',
  'TicketUsedError',
  'ticketOfficeMigrations',
];

it('exports these values, and no others', () => {
  expect(Object.keys(library).toSorted()).toEqual(VALUES);
});

describe('the built package', () => {
  beforeAll(() => run('npm', 'run', 'build'));

  const print = 'console.log(JSON.stringify(Object.keys(library).sort()))';

  it('can be imported', async () => {
    const script = `import * as library from 'nestjs-ticketoffice'; ${print}`;
    const { stdout } = await run('node', '--input-type=module', '--eval', script);
    expect(JSON.parse(stdout)).toEqual(VALUES);
  });

  it('can be required', async () => {
    const script = `const library = require('nestjs-ticketoffice'); ${print}`;
    const { stdout } = await run('node', '--input-type=commonjs', '--eval', script);
    expect(JSON.parse(stdout)).toEqual(VALUES);
  });

  it('holds what was built and its papers, and nothing else', async () => {
    const { stdout } = await run('npm', 'pack', '--dry-run', '--ignore-scripts', '--json');
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'package.json']));
    const papers = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    expect(
      paths.filter((path) => !/^dist\/.+\.(js|js\.map|d\.ts)$/.test(path) && !papers.test(path)),
    ).toEqual([]);
  });
});
