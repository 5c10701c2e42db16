import { aroundAll, onTestFinished, TestRunner } from 'vitest';

type CleanUp = () => unknown;

const runningSuites: CleanUp[][] = [];

/** Makes the describe block that calls it an owner of what is opened in its beforeAll; see {@link afterwards}. */
export function ownResources(): void {
  // Not an afterAll: those are skipped when another one, say of the test's author, has failed.
  aroundAll(async (runSuite) => {
    const cleanUps: CleanUp[] = [];
    runningSuites.push(cleanUps);
    try {
      await runSuite();
    } finally {
      runningSuites.pop();
      await runAll(cleanUps.toReversed());
    }
  });
}

/**
 * Cleans up when the test is over that runs now, or else, in a beforeAll, at the end of the innermost block that
 * owns resources: so what was opened inside a block is closed before that block's database is dropped.
 */
export function afterwards(cleanUp: CleanUp): void {
  if (TestRunner.getCurrentTest()) {
    onTestFinished(async () => void (await cleanUp()));
    return;
  }
  const suite = runningSuites.at(-1);
  if (!suite) throw new Error('open it in a test, or in a beforeAll inside eachAdapter or eachDatabase');
  suite.push(cleanUp);
}

async function runAll(cleanUps: CleanUp[]): Promise<void> {
  const errors: unknown[] = [];
  for (const cleanUp of cleanUps) {
    // An app that does not close must not keep its database from being dropped.
    await Promise.resolve()
      .then(cleanUp)
      .catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'));
}
