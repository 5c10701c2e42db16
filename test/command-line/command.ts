import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Without blanks, which separate several secrets in the environment. */
export const COMMAND_SECRET = 'canary-secret-of-the-command-line-0123456789';

/** How a command has ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface Call {
  readonly env?: Environment;
  /** A file that gets the output instead. */
  readonly stdout?: number;
  /** Gets the process once it runs. */
  readonly meanwhile?: (process: ChildProcess) => void;
}

export type Format = 'mjs' | 'cjs';

/** A folder of an app, beside which the built package is installed, and the command in it. */
export interface CommandLine {
  readonly folder: string;
  /** Writes a file; returns its path. */
  write(name: string, text: string): string;
  /** Writes the file of a data source with these options, and with `Ticket` and its migrations. */
  writeDataSource(name: string, options: object, extra?: string): string;
  /** Runs a command in a process that runs others, too: all but what is the process's own, and ten times as fast. */
  (args: readonly string[], call?: Pick<Call, 'env'>): Promise<Ended>;
  /** Runs the command as a shell does. */
  readonly process: (args: readonly string[], call?: Call) => Promise<Ended>;
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
  return Object.assign((args: readonly string[], call?: Call) => runHosted(command, folder, args, call), {
    folder,
    write,
    writeDataSource,
    process: (args: readonly string[], call?: Call) => runAlone(command, folder, args, call),
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

const environment = (env?: Environment): Environment => ({
  PATH: process.env['PATH'],
  TICKET_OFFICE_SECRET: COMMAND_SECRET,
  ...env,
});

function runAlone(
  command: string,
  cwd: string,
  args: readonly string[],
  { env, stdout, meanwhile }: Call = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    env: environment(env),
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

/** The processes of this spec file that run commands: one for each installation of the command. */
const hosts = new Map<string, Host>();

/** A process that runs commands. */
class Host {
  private readonly child: ChildProcess;
  /** The last reply, which the next call waits for: the environment and the working directory are the process's. */
  private last: Promise<unknown>;

  constructor(command: string) {
    const script = fileURLToPath(new URL('command.host.mjs', import.meta.url));
    this.child = fork(script, [command], { env: environment() });
    this.last = this.reply();
    this.child.unref();
  }

  run(call: object): Promise<Ended> {
    const ended = this.last.then(() => {
      this.child.send(call);
      return this.reply();
    });
    this.last = ended.catch(() => undefined);
    return ended as Promise<Ended>;
  }

  private async reply(): Promise<unknown> {
    const over = new AbortController();
    const [signal, channel] = [over.signal, this.child.channel!];
    channel.ref();
    try {
      return await Promise.race([
        once(this.child, 'message', { signal }).then(([message]) => message as unknown),
        once(this.child, 'exit', { signal }).then(([code]) => {
          throw new Error(`the process that runs commands has ended, with ${code}`);
        }),
      ]);
    } finally {
      channel.unref();
      over.abort();
    }
  }
}

async function runHosted(
  command: string,
  cwd: string,
  args: readonly string[],
  { env }: Call = {},
): Promise<Ended> {
  const host = hosts.get(command) ?? new Host(command);
  hosts.set(command, host);
  return host.run({ args, cwd, env: environment(env) });
}
