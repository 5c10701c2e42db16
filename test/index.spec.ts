import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import * as library from '../lib/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (command: string, ...args: string[]) => promisify(execFile)(command, args, { cwd: root });

const filesIn = (folder: string, ending: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith(ending) && !file.endsWith('.d.ts'))
        .map((file) => join(root, folder, file))
    : [];

const PAPERS = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'];

/** Whether both builds hold each module of lib and no other, all built after the last change. */
function isBuilt(): boolean {
  const sources = filesIn('lib', '.ts');
  const settings = ['tsconfig.json', 'tsconfig.esm.json', 'tsconfig.cjs.json'].map((file) =>
    join(root, file),
  );
  const changedAt = (file: string) => statSync(file).mtimeMs;
  const lastChange = Math.max(...[...sources, ...settings].map(changedAt));
  return ['dist/esm', 'dist/cjs'].every((folder) => {
    const built = filesIn(folder, '.js');
    return built.length === sources.length && built.every((file) => changedAt(file) >= lastChange);
  });
}

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
  // `.ci/run` has built just before, and a build takes ten seconds.
  beforeAll(async () => {
    if (!isBuilt()) await run('npm', 'run', 'build');
  });

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
    // A list up to npm 11, an object from 12 on.
    const [{ files }] = Object.values(JSON.parse(stdout)) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(
        ['dist/esm/index.js', 'dist/esm/index.d.ts', 'dist/cjs/index.js', 'dist/cjs/index.d.ts'].concat(
          PAPERS,
        ),
      ),
    );
    const built = /^dist\/(esm|cjs)\/.+\.(js|js\.map|d\.ts)$|^dist\/cjs\/package\.json$/;
    const docs = /^docs\/.+\.(md|png)$/;
    expect(paths.filter((path) => !built.test(path) && !docs.test(path) && !PAPERS.includes(path))).toEqual(
      [],
    );
  });
});
