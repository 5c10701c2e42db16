import { readFileSync, mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandLine, COMMAND_SECRET } from '../command-line/command.js';
import { root } from '../support/built-package.js';
import dataSource from './museum.data-source.js';

const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');

/** The commands on the page, in its order, each with what it prints there. */
const shown = [...page.matchAll(/^```console\n([^]*?)^```$/gm)]
  .flatMap(([, block]) => block!.split(/^\$ npx ticket-office /m).slice(1))
  .map((text) => {
    const [command = '', ...output] = text.split('\n');
    const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
    return { command, args, output: output.join('\n') };
  });

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** What differs from run to run, besides uuids. */
const withoutChance = (text: string): string =>
  text
    .replaceAll(UUID, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replaceAll(/tkt_[\w%-]+/g, '<secret>')
    .replaceAll(/"\d{8}"/g, '"<code>"')
    .replaceAll(/(better-sqlite3) [\d.]+/g, '$1 <version>');

it('docs/command-line.md shows each command as it prints', async () => {
  const run = await commandLine(root);
  const options = { type: 'better-sqlite3', database: `${run.folder}/museum.sqlite` } as const;
  const migrated = await dataSource.setOptions(options).initialize();
  await migrated.runMigrations();
  await migrated.destroy();
  mkdirSync(`${run.folder}/dist`);
  run.write('guests.csv', /^```csv\n([^]*?)^```$/m.exec(page)![1]!);
  // `dist/data-source.js` of a CommonJS app, which has no package.json of type "module".
  run.writeDataSource('dist/data-source.js', options);

  const real = new Map<string, string>();
  const env = { TICKET_OFFICE_SECRET: COMMAND_SECRET, TICKET_OFFICE_BASE_URL: 'https://museum.example' };
  for (const { command, args, output } of shown) {
    const { stdout, stderr } = await run.process(
      args.map((argument) => argument.replaceAll(UUID, (uuid) => real.get(uuid) ?? uuid)),
      { env },
    );
    const printed = stdout + stderr;
    expect(withoutChance(printed), command).toBe(withoutChance(output));
    const pairs = [...output.matchAll(UUID)].map(([uuid]) => uuid);
    for (const [index, [uuid]] of [...printed.matchAll(UUID)].entries()) {
      const known = real.get(pairs[index]!) ?? uuid;
      expect(uuid, command).toBe(known);
      real.set(pairs[index]!, uuid);
    }
  }
  const commands = new Set(shown.map(({ args: [name] }) => name));
  expect(commands).toEqual(
    new Set(['clean', 'doctor', 'issue', 'list', 'reissue', 'reopen', 'revoke', 'show']),
  );
}, 180_000);
