import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProject, installNode, type Node, packPackage } from './leg.project.js';
import { leftOutOf } from './left-out.js';
import { type Leg, LEGS, manifest } from './legs.js';

// npm run test:matrix -- [legs …] [what vitest is given …]
const names = new Set(LEGS.map(({ name }) => name));
const given = process.argv.slice(2);
const chosen = given.filter((word) => names.has(word));
const forVitest = given.filter((word) => !names.has(word));

interface Result {
  leg: Leg;
  /** What the leg's row of the table says, after its name. */
  cells: (string | number)[];
  isGreen: boolean;
}

/** The part of vitest's JSON report that is read here. */
interface Report {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

const SHOWN = [...Object.keys(manifest.peerDependencies), 'better-sqlite3'];

function run(leg: Leg, tarball: string): Result {
  const started = performance.now();
  try {
    const node = installNode(leg.node);
    console.log(`\n${leg.name}: Node.js ${node.version}`);
    const folder = createProject(leg, node, tarball);
    console.log(`installed in ${folder}`);
    const { success, numPassedTests, numPendingTests, ...report } = runSuite(leg, node, folder);
    // A file that fails before its first test is a failure, too.
    const unread = report.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    const versions = SHOWN.map((name) => installedVersion(folder, name));
    const counts = [numPassedTests, report.numFailedTests + unread.length, numPendingTests];
    return { leg, cells: [node.version, ...versions, ...counts, secondsSince(started)], isGreen: success };
  } catch (error) {
    return { leg, cells: [(error as Error).message.split('\n')[0]!], isGreen: false };
  }
}

function runSuite(leg: Leg, node: Node, folder: string): Report {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config=test/matrix/vitest.config.ts'];
  const reporters = ['--reporter=default', '--reporter=json', '--outputFile.json=results.json'];
  const env = { ...node.env, TICKET_OFFICE_MATRIX_BUILD: leg.build };
  spawnSync(node.executable, [...vitest, ...reporters, ...forVitest], { cwd: folder, env, stdio: 'inherit' });
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Report;
}

function installedVersion(folder: string, name: string): string {
  const file = join(folder, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

const secondsSince = (started: number): number => Math.round((performance.now() - started) / 1000);

function table(results: readonly Result[]): string {
  const head = ['leg', 'build', 'Node.js', ...SHOWN, 'passed', 'failed', 'skipped', 'seconds'];
  const rows = results.map(({ leg, cells }) => [leg.name, leg.build, ...cells]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function leftOut({ name, build }: Leg): string {
  const groups = leftOutOf(build).map(({ specs, why }) => `- \`${specs.join('`, `')}\`: ${why}`);
  return [`Left out of ${name}:`, '', ...groups].join('\n');
}

const tarball = packPackage();
const results = LEGS.filter(({ name }) => chosen.length === 0 || chosen.includes(name)).map((leg) =>
  run(leg, tarball),
);
console.log(['', table(results), ...results.map(({ leg }) => leftOut(leg)), ''].join('\n\n'));
process.exitCode = results.every(({ isGreen }) => isGreen) ? 0 : 1;
