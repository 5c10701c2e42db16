import { execFile } from 'node:child_process';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { privateDatabase } from '../support/private-database.js';
import { afterwards } from '../support/suite-scope.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { furnish, type ModuleSystem } from './museum.source.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An app as `nest new` makes it, with the museum as its source, and a database of its own. */
export interface NestApp {
  readonly folder: string;
  readonly env: Environment;
  /**
   * Runs a command in the app's folder.
   * @throws Error with what it printed, when it fails
   */
  run: (command: string, ...args: string[]) => Promise<unknown>;
}

/** What the museum needs beside the packages of `nest new`: none has an install script that must run. */
const PACKAGES = {
  11: {
    '@nestjs/platform-fastify': '^11.0.0',
    '@nestjs/typeorm': '^11.0.0',
    '@swc/cli': '^0.8.0',
    '@swc/core': '^1.0.0',
    pg: '^8.0.0',
    typeorm: '^0.3.29',
  },
  12: {
    '@nestjs/platform-fastify': '^12.0.0',
    '@nestjs/typeorm': '^12.0.0',
    '@swc/cli': '^0.8.0',
    '@swc/core': '^1.0.0',
    'better-sqlite3': '^13.2.0',
    'fork-ts-checker-webpack-plugin': '^9.1.0',
    pg: '^8.0.0',
    'tsconfig-paths-webpack-plugin': '^4.2.0',
    typeorm: '^1.0.0',
    webpack: '^5.0.0',
    'webpack-node-externals': '^3.0.0',
  },
} as const;

/** Makes apps of one major version of Nest in one folder, with one installation of packages. */
export async function newApps(nest: 11 | 12, ...systems: ModuleSystem[]): Promise<NestApp[]> {
  const folder = await temporaryFolder(`nest-${nest}`);
  afterwards(() => rm(folder, { recursive: true, force: true }));
  const env = environmentIn(folder);
  const tools = { '@nestjs/cli': `^${nest}.0.0`, ...(nest === 12 && NODE_OF_NEST_12) };
  await install(folder, env, tools);
  for (const system of systems) {
    // What `nest new` runs. The command of Nest 12 asks for the module system in a dialogue.
    const options = [`--name=${system}`, '--language=ts', ...(nest === 12 ? [`--type=${system}`] : [])];
    await run('npx', ['schematics', '@nestjs/schematics:application', ...options], folder, env);
  }
  const asked = await Promise.all(systems.map((system) => packagesOf(join(folder, system))));
  const packages = { ...PACKAGES[nest], 'nestjs-ticketoffice': `file:${inject('tarball')}` };
  await install(folder, env, Object.assign({}, ...asked, tools, packages));
  return Promise.all(systems.map((system) => museum(join(folder, system), system, env)));
}

/** Gives an app of `nest new` its source and a database. */
async function museum(folder: string, system: ModuleSystem, env: Environment): Promise<NestApp> {
  await furnish(folder, system);
  await symlink('../node_modules', join(folder, 'node_modules'));
  const { connection, create, drop } = privateDatabase({ name: 'postgres', url: inject('postgres') });
  await create();
  afterwards(drop);
  const own = { ...env, DATABASE_URL: 'url' in connection ? connection.url : undefined };
  return { folder, env: own, run: (command, ...args) => run(command, args, folder, own) };
}

/** Installs packages in a folder, from the cache where they are there. */
export async function install(
  folder: string,
  env: Environment,
  dependencies: Record<string, string>,
): Promise<void> {
  // TypeORM's peers do not name better-sqlite3 13 yet, with which it works.
  const overrides = { typeorm: { 'better-sqlite3': '$better-sqlite3' } };
  const manifest = { private: true, dependencies, ...('better-sqlite3' in dependencies && { overrides }) };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quietly], folder, env);
  // Compiled already, for the Node.js of this run.
  const compiled = fileURLToPath(new URL('../../node_modules/better-sqlite3', import.meta.url));
  if ('typeorm' in dependencies && !('better-sqlite3' in dependencies))
    await symlink(compiled, join(folder, 'node_modules/better-sqlite3'));
}

/** Those that an app of `nest new` is built, started and tested with. */
async function packagesOf(app: string): Promise<Record<string, string>> {
  const { dependencies, devDependencies } = JSON.parse(
    await readFile(join(app, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const all = Object.entries({ ...dependencies, ...devDependencies });
  return Object.fromEntries(all.filter(([name]) => !/lint|prettier|globals|coverage|mau$/.test(name)));
}

/** The package that is Node.js itself, without an install script. */
const NODE = `node-${process.platform}-${process.arch}`;
const [MAJOR = 0, MINOR = 0] = process.versions.node.split('.').map(Number);

/** Jest's require() of ES modules, which Nest 12's template for CommonJS builds on, needs Node.js 24.9. */
export const NODE_OF_NEST_12: Record<string, string> =
  MAJOR > 24 || (MAJOR === 24 && MINOR >= 9) ? {} : { [NODE]: '24' };

/** What vitest and npm say to their children: an npm or a vitest in another folder would heed it. */
const OF_THIS_RUN = /^(VITEST|NODE_ENV$|TICKET_OFFICE_|npm_config_local_prefix$)/;

/** The environment of this run, with the Node.js that is installed in a folder first on the PATH. */
export function environmentIn(folder: string): Environment {
  const inherited = Object.entries(process.env).filter(([name]) => !OF_THIS_RUN.test(name));
  const path = [join(folder, 'node_modules', NODE, 'bin'), process.env['PATH']].join(delimiter);
  return { ...Object.fromEntries(inherited), PATH: path };
}

async function run(command: string, args: readonly string[], cwd: string, env: Environment): Promise<void> {
  try {
    await promisify(execFile)(command, args, { cwd, env, maxBuffer: Infinity });
  } catch (error) {
    const { message, stdout } = error as Error & { stdout: string };
    throw new Error(`${message}\n${stdout}`, { cause: error });
  }
}
