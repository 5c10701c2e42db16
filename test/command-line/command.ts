import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Without blanks, which separate several secrets in the environment. */
export const COMMAND_SECRET = 'canary-secret-of-the-command-line-0123456789';

/** How a command has ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Call {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A file that gets the output instead. */
  readonly stdout?: number;
  /** Gets the process once it runs. */
  readonly meanwhile?: (process: ReturnType<typeof spawn>) => void;
}

export type Format = 'mjs' | 'cjs';

/** A folder of an app, beside which the built package is installed, and the command in it. */
export interface CommandLine {
  readonly folder: string;
  /** Writes a file; returns its path. */
  write(name: string, text: string): string;
  /** Writes the file of a data source with these options, and with `Ticket` and its migrations. */
  writeDataSource(name: string, options: object, extra?: string): string;
  (args: readonly string[], call?: Call): Promise<Ended>;
}

/** @param root the folder from which the built package is resolved */
export async function commandLine(root: string): Promise<CommandLine> {
  const folder = await temporaryFolder('command-line');
  const { resolve } = createRequire(join(root, 'package.json'));
  mkdirSync(join(folder, 'node_modules'));
  const office = dirname(resolve('nestjs-ticketoffice/package.json'));
  symlinkSync(office, join(folder, 'node_modules/nestjs-ticketoffice'));
  symlinkSync(dirname(resolve('typeorm')), join(folder, 'node_modules/typeorm'));
  const { bin } = JSON.parse(readFileSync(join(office, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  const command = join(office, bin['ticket-office']!);
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const writeDataSource: CommandLine['writeDataSource'] = (name, options, extra = '') =>
    write(name, dataSourceText(name.endsWith('.mjs') ? 'mjs' : 'cjs', options, extra));
  return Object.assign((args: readonly string[], call?: Call) => run(command, folder, args, call), {
    folder,
    write,
    writeDataSource,
  });
}

const IMPORTS = {
  mjs: `import { DataSource } from 'typeorm'; import { Ticket, ticketOfficeMigrations } from 'nestjs-ticketoffice';`,
  cjs: `const { DataSource } = require('typeorm'); const { Ticket, ticketOfficeMigrations } = require('nestjs-ticketoffice');`,
};

function dataSourceText(format: Format, options: object, extra: string): string {
  const given = JSON.stringify(options).slice(1, -1);
  const made = `new DataSource({ ${given ? `${given},` : ''} entities: [Ticket], migrations: ticketOfficeMigrations, ${extra} })`;
  return `${IMPORTS[format]}\n${format === 'mjs' ? `export const dataSource =` : 'module.exports ='} ${made};\n`;
}

function run(
  command: string,
  cwd: string,
  args: readonly string[],
  { env, stdout, meanwhile }: Call = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], TICKET_OFFICE_SECRET: COMMAND_SECRET, ...env },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => void (said[name] += text));
  meanwhile?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, ...said }));
  });
}
