import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

const SLOWEST = 20;

/** A vitest reporter for `.ci/run`: writes the slowest files of the run, and how many tests passed and failed. */
export default class RunSummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env['TICKET_OFFICE_TEST_SUMMARY'];
    if (file) writeFileSync(file, runSummary(modules));
  }
}

function runSummary(modules: readonly TestModule[]): string {
  const slowest = modules.toSorted((one, other) => durationMs(other) - durationMs(one)).slice(0, SLOWEST);
  const lines = slowest.map((module) => `${seconds(durationMs(module))} s  ${module.relativeModuleId}`);
  const tests = modules.flatMap(({ children }) => [...children.allTests()]);
  const passed = tests.filter((test) => test.result().state === 'passed').length;
  const failed = tests.filter((test) => test.result().state === 'failed').length;
  return [`the ${lines.length} slowest files:`, ...lines, `${passed} passed, ${failed} failed`, ''].join(
    '\n',
  );
}

/** Of a file, its imports included: they are slow where a file has a process of its own. */
const durationMs = (module: TestModule): number => {
  const { collectDuration, setupDuration, duration } = module.diagnostic();
  return collectDuration + setupDuration + duration;
};

const seconds = (ms: number): string => (ms / 1000).toFixed(1).padStart(6);
