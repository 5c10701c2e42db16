import { beforeAll, expect, it } from 'vitest';
import { pathToFileURL } from 'node:url';
import { root } from '../support/built-package.js';
import { oneDatabase } from '../support/databases.js';
import { startOffice } from '../support/office.js';
import { type CommandLine, commandLine, COMMAND_SECRET } from './command.js';

const MODULE = `
  import { DataSource } from 'typeorm';
  import { Ticket } from 'nestjs-ticketoffice';`;
const COMMONJS = `
  const { DataSource } = require('typeorm');
  const { Ticket } = require('nestjs-ticketoffice');`;

oneDatabase('A data source file', (database) => {
  let run: CommandLine;
  let made: string;
  let empty: string;
  beforeAll(async () => {
    run = await commandLine(root);
    const { tickets } = await startOffice(database);
    await tickets.issue({ place: 'louvre', purpose: 'visit' });
    const options = JSON.stringify(database.options()).slice(1, -1);
    made = `new DataSource({ ${options}, entities: [Ticket] })`;
    empty = `new DataSource({ ${options} })`;
  });

  const list = async (file: string, runOnce: CommandLine | CommandLine['process'] = run) => {
    const { code, stdout, stderr } = await runOnce(['list', '--json', '-d', file]);
    return {
      code,
      stderr,
      places: stdout && (JSON.parse(stdout) as { place: string }[]).map(({ place }) => place),
    };
  };
  const FOUND = { code: 0, stderr: '', places: ['louvre'] };

  it.each([
    ['a default export', 'a.mjs', () => `${MODULE} export default ${made};`],
    [
      'the default export beside others',
      'b.mjs',
      () => `${MODULE} export const other = ${empty}; export default ${made};`,
    ],
    ['a promise', 'c.mjs', () => `${MODULE} export default Promise.resolve(${made});`],
    [
      'a promise with a name',
      'd.mjs',
      () => `${MODULE} export const source = Promise.resolve(${made}); export const x = 1;`,
    ],
    [
      'one with two names',
      'e.mjs',
      () => `${MODULE} export const source = ${made}; export const again = source;`,
    ],
    [
      'an await of its own',
      'f.mjs',
      () => `${MODULE} await null; export const source = await ${made}.initialize();`,
    ],
    ['module.exports', 'g.cjs', () => `${COMMONJS} module.exports = ${made};`],
    [
      'exports as TypeScript writes them',
      'h.cjs',
      () =>
        `${COMMONJS} Object.defineProperty(exports, '__esModule', { value: true }); exports.AppDataSource = ${made};`,
    ],
    [
      'a default export as TypeScript writes it',
      'i.cjs',
      () =>
        `${COMMONJS} Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${made};`,
    ],
    ['a promise as module.exports', 'j.cjs', () => `${COMMONJS} module.exports = Promise.resolve(${made});`],
  ])('may have %s', async (_, name, text) => {
    run.write(name, text());
    expect(await list(name)).toEqual(FOUND);
  });

  // What the process has loaded before tells which build of the library is meant.
  it.each([
    [
      'no Ticket among its entities, as with autoLoadEntities',
      'k.mjs',
      () => `${MODULE} export default ${empty};`,
    ],
    ['no Ticket, as CommonJS', 'l.cjs', () => `${COMMONJS} module.exports = ${empty};`],
    [
      'no import of the library',
      'm.cjs',
      () => `const { DataSource } = require('typeorm'); module.exports = ${empty};`,
    ],
  ])('may have %s', async (_, name, text) => {
    run.write(name, text());
    expect(await list(name, run.process)).toEqual(FOUND);
  });

  it('may be named by its path or its URL', async () => {
    const path = run.write('named.mjs', `${MODULE} export default ${made};`);
    for (const file of [path, pathToFileURL(path).href, './named.mjs'])
      expect(await list(file)).toEqual(FOUND);
  });

  it.each([
    [
      'that is not there',
      'missing.js',
      undefined,
      /^ticket-office: there is no file missing\.js: give the compiled file/,
    ],
    ['that is a folder', '.', undefined, /^ticket-office: there is no file \.: /],
    [
      'that is TypeScript',
      'source.ts',
      '',
      /^ticket-office: source\.ts is TypeScript: give the file that it is compiled to/,
    ],
    [
      'that throws',
      'throws.mjs',
      `throw new Error('no\\n    at line 2')`,
      /^ticket-office: throws\.mjs cannot be loaded: no$/,
    ],
    [
      'that throws something else',
      'odd.cjs',
      'throw null',
      /^ticket-office: odd\.cjs cannot be loaded: null$/,
    ],
    ['with a fault', 'fault.mjs', 'export default (', /^ticket-office: fault\.mjs cannot be loaded: /],
    [
      'that imports what is not installed',
      'lacks.cjs',
      `require('not-installed')`,
      /^ticket-office: lacks\.cjs cannot be loaded: Cannot find module 'not-installed'$/,
    ],
    [
      'whose promise rejects',
      'rejects.mjs',
      `export default Promise.reject(new Error('no vault'))`,
      /^ticket-office: rejects\.mjs cannot be loaded: no vault$/,
    ],
    [
      'without a data source',
      'without.mjs',
      'export const options = { type: 1 }',
      /^ticket-office: without\.mjs exports no data source: write export const dataSource/,
    ],
    [
      'with an empty export',
      'null.cjs',
      'module.exports = null',
      /^ticket-office: null\.cjs exports no data source/,
    ],
    [
      'that tells why in several lines',
      'lines.cjs',
      `throw new Error('The module x.node\\nwas compiled against a different Node.js version.\\n\\nRequire stack:\\n- a.js')`,
      /^ticket-office: lines\.cjs cannot be loaded: The module x\.node was compiled against a different Node\.js version\.$/,
    ],
    [
      'that shows the password of a URL',
      'url.mjs',
      `throw new Error('bad postgres://ada:hunter2@host/x')`,
      /bad postgres:\/\/ada:\*\*\*@host\/x$/,
    ],
  ])('%s is an error in one sentence', async (_, name, text, sentence) => {
    if (text !== undefined) run.write(name, text);
    const { code, stdout, stderr } = await run(['list', '-d', name]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(sentence);
    expect(stderr.match(/\n/g)).toHaveLength(1);
  });

  it('with several data sources is an error that names them', async () => {
    run.write('several.mjs', `${MODULE} export const museum = ${made}; export const archive = ${empty};`);
    expect(await run(['list', '-d', 'several.mjs'])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'ticket-office: several.mjs exports several data sources (archive, museum): export the one with the tickets by default\n',
    });
  });

  it('may write to standard output, and leave a timer: results stand alone, and the command ends', async () => {
    run.write(
      'talks.mjs',
      `${MODULE} console.log('[dotenv] hello'); process.stdout.write('hello, too\\n'); setInterval(() => {}, 1000); export default ${made};`,
    );
    expect(await list('talks.mjs', run.process)).toEqual({
      ...FOUND,
      stderr: '[dotenv] hello\nhello, too\n',
    });
  });

  it('may set the environment, as dotenv does', async () => {
    const set = `process.env.TICKET_OFFICE_SECRET = '${COMMAND_SECRET}'; process.env.TICKET_OFFICE_BASE_URL = 'https://museum.example';`;
    run.write('sets.mjs', `${MODULE} ${set} export default ${made};`);
    const env = { TICKET_OFFICE_SECRET: undefined };
    const file = ['-d', 'sets.mjs'];
    const issue = ['issue', ...file, '--place', 'louvre', '--purpose', 'visit', '--path', '/louvre'];
    const issued = await run(issue, { env });
    expect(issued).toMatchObject({ code: 0, stderr: '' });
    expect(issued.stdout).toMatch(/^https:\/\/museum\.example\/louvre\?uuid=/);
    const examined = await run(['doctor', ...file], { env });
    expect(examined.stdout).toMatch(/^ok +secret +one, of good shape\nok +base URL +https:/);
  });
});
