import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
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
  /** How many tests of which file have skipped themselves. */
  skipped: [file: string, tests: number][];
  isGreen: boolean;
}

/** The part of vitest's JSON report that is read here. */
interface Report {
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

const SHOWN = [...Object.keys(manifest.peerDependencies), 'better-sqlite3'];

function run(leg: Leg, tarball: string): Result {
  const started = performance.now();
  try {
    const node = installNode(leg.node);
    console.log(`\n${leg.name}: Node.js ${node.version}`);
    const folder = createProject(leg, node, tarball);
    console.log(`installed in ${folder}`);
    const versions = SHOWN.map((name) => installedVersion(folder, name));
    const { status, report } = runSuite(leg, node, folder);
    const counts = [
      count(report, 'passed'),
      count(report, 'failed') + unread(report),
      count(report, 'skipped'),
    ];
    return {
      leg,
      cells: [node.version, ...versions, ...counts, secondsSince(started)],
      skipped: skippedIn(report, folder),
      isGreen: status === 0,
    };
  } catch (error) {
    return { leg, cells: [(error as Error).message.split('\n')[0]!], skipped: [], isGreen: false };
  }
}

function runSuite(leg: Leg, node: Node, folder: string): { status: number | null; report: Report } {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config=test/matrix/vitest.config.ts'];
  const reporters = ['--reporter=default', '--reporter=json', '--outputFile.json=results.json'];
  const { status } = spawnSync(node.executable, [...vitest, ...reporters, ...forVitest], {
    cwd: folder,
    env: { ...node.env, TICKET_OFFICE_MATRIX_BUILD: leg.build },
    stdio: 'inherit',
  });
  return { status, report: JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Report };
}

const count = ({ testResults }: Report, wanted: string): number =>
  testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === wanted)
    .length;

/** Files that fail before their first test, none of which vitest counts. */
const unread = ({ testResults }: Report): number =>
  testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .length;

const skippedIn = ({ testResults }: Report, folder: string): Result['skipped'] =>
  testResults
    .map((file): [string, number] => [relative(folder, file.name), count({ testResults: [file] }, 'skipped')])
    .filter(([, tests]) => tests > 0);

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

function leftOut({ leg, skipped }: Result): string {
  const files = leftOutOf(leg.build, (name) => !leg.without?.includes(name)).map(
    ({ specs, why }) => `- \`${specs.join('`, `')}\`: ${why}`,
  );
  // On other databases, or in other versions, as each says beside it.
  const tests = skipped.map(([file, number]) => `\`${file}\` ${number}`);
  if (tests.length > 0) files.push(`- tests that skip themselves: ${tests.join(', ')}`);
  return [`Left out of ${leg.name}:`, '', ...files].join('\n');
}

const tarball = packPackage();
const results = LEGS.filter(({ name }) => chosen.length === 0 || chosen.includes(name)).map((leg) =>
  run(leg, tarball),
);
console.log(['', table(results), ...results.map(leftOut), ''].join('\n\n'));
process.exitCode = results.every(({ isGreen }) => isGreen) ? 0 : 1;
