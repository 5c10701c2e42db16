import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { lt } from 'semver';
import { forNest11, type Leg, manifest } from './legs.js';

/** Outside of the repository, whose node_modules would be found from within. */
const CACHE = join(tmpdir(), 'nestjs-ticketoffice-matrix');

/** What the suite consists of. */
const SUITE = ['test', 'sample-app', 'tsconfig.json', 'vitest.config.ts', '.npmrc'];
/** What the suite does without. */
const TOOLS =
  /^(@types\/|@stryker-mutator\/|@arethetypeswrong\/|@nestjs\/cli$|oxlint|prettier$|publint$|semver$|typescript$)/;
/** Released by themselves: their versions are not those of Nest. */
const NOT_OF_NEST = new Set([...Object.keys(forNest11), '@nestjs/throttler']);

/** A version of Node.js that is unpacked on this machine. */
export interface Node {
  version: string;
  executable: string;
  /** The environment of a process that runs on it, or compiles for it. */
  env: NodeJS.ProcessEnv;
}

/** Downloads, once for the machine, the newest Node.js of this version or with this beginning. */
export function installNode(version: string): Node {
  const folder = join(CACHE, 'node', version);
  if (!existsSync(folder)) unpackNode(version, folder);
  const executable = join(folder, 'bin', 'node');
  return {
    version: execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim().slice(1),
    executable,
    env: {
      ...process.env,
      PATH: [dirname(executable), process.env['PATH']].join(delimiter),
      // Its headers; and SQLite, one long file, is compiled in half the time.
      npm_config_nodedir: folder,
      CFLAGS: '-O1',
      CXXFLAGS: '-O1',
    },
  };
}

function unpackNode(version: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const download = mkdtempSync(`${folder}-`);
  npm(['pack', `node-${process.platform}-${process.arch}@${version}`, '--silent'], download);
  execFileSync('tar', ['-xzf', ...readdirSync(download)], { cwd: download });
  // At once: a folder that is there is complete.
  renameSync(join(download, 'package'), folder);
  rmSync(download, { recursive: true });
}

/** Builds the package, and packs it as it would be published. Returns the path of the tarball. */
export function packPackage(): string {
  const folder = emptied('package');
  npm(['pack', '--silent', `--pack-destination=${folder}`], process.cwd());
  return join(folder, readdirSync(folder)[0]!);
}

/**
 * Creates an app's project for the leg, with the package installed, and the suite beside it. Returns its folder.
 * Of an earlier run only the installed packages are kept, since to compile SQLite takes a minute.
 *
 * @throws Error with npm's words when the leg's versions do not go together
 */
export function createProject(leg: Leg, node: Node, tarball: string): string {
  assertNoPeerConflict(leg, node, tarball);
  const folder = emptied(leg.name, ['node_modules']);
  // npm takes a tarball of the same name for the same tarball.
  for (const stale of ['nestjs-ticketoffice', '.package-lock.json'])
    rmSync(join(folder, 'node_modules', stale), { recursive: true, force: true });
  for (const name of SUITE) cpSync(name, join(folder, name), { recursive: true });
  const sqlite = sqliteFor(node);
  const devDependencies = { ...suiteDependencies(leg), 'better-sqlite3': sqlite };
  writeManifest(folder, {
    dependencies: { 'nestjs-ticketoffice': `file:${tarball}` },
    devDependencies,
    // TypeORM asks for better-sqlite3 12, and works with 13.
    overrides: { typeorm: { 'better-sqlite3': '$better-sqlite3' }, ...leg.overrides },
    allowScripts: { ...manifest.allowScripts, 'better-sqlite3': true },
  });
  npm(['install', '--strict-peer-deps'], folder, node.env);
  return folder;
}

/** Nothing but the package and the peers that it cannot do without: whether an app can have them together must not depend on tools of ours. */
function assertNoPeerConflict(leg: Leg, node: Node, tarball: string): void {
  const folder = emptied(`${leg.name}-peers`);
  const peers = Object.entries(manifest.peerDependencies)
    .filter(([name]) => !manifest.peerDependenciesMeta[name]?.optional)
    .map(([name, range]) => [name, leg.versions[name] ?? range]);
  writeManifest(folder, {
    dependencies: { 'nestjs-ticketoffice': `file:${tarball}`, ...Object.fromEntries(peers) },
  });
  npm(['install', '--strict-peer-deps', '--dry-run'], folder, node.env);
}

function suiteDependencies({ versions, without = [] }: Leg): Record<string, string> {
  const isOfNest = (name: string) => name.startsWith('@nestjs/') && !NOT_OF_NEST.has(name);
  const wanted = Object.entries(manifest.devDependencies).filter(
    ([name]) => !TOOLS.test(name) && !without.includes(name),
  );
  return Object.fromEntries(
    wanted.map(([name, range]) => [
      name,
      versions[name] ?? (isOfNest(name) ? versions['@nestjs/core']! : range),
    ]),
  );
}

/** 13 crashes where Node.js lacks Node-API 10; 12 does where it is compiled for Node.js 24.19 or later. */
const sqliteFor = ({ version }: Node): string => (lt(version, '22.14.0') ? '^12.11.1' : '^13.2.0');

const writeManifest = (folder: string, content: object): void =>
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', ...content }, null, 2),
  );

/** A folder of the cache that holds nothing, or no more than is to be kept. */
function emptied(name: string, kept: readonly string[] = []): string {
  const folder = join(CACHE, name);
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder))
    if (!kept.includes(entry)) rmSync(join(folder, entry), { recursive: true });
  return folder;
}

/** The npm that runs this script, on the Node.js it runs on, since not every npm runs on every leg's. */
function npm(args: string[], cwd: string, env = process.env): void {
  execFileSync(process.execPath, [process.env['npm_execpath']!, ...args, '--loglevel=error'], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
