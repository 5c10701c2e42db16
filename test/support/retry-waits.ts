import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { afterwards } from './suite-scope.js';

/**
 * Makes the waits before retries take no time, to the end of the test, or of the block when called in its beforeAll:
 * for faults that a test makes up, which do not pass by themselves.
 *
 * @returns how long each wait would have been, in ms
 */
export function skipRetryWaits(): number[] {
  const waits: number[] = [];
  replaceSetTimeout(async (delay = 0, value) => {
    waits.push(delay);
    await timers.setImmediate();
    return value as never;
  });
  return waits;
}

function replaceSetTimeout(replacement: typeof timers.setTimeout): void {
  const { setTimeout } = timers;
  const put = (one: typeof timers.setTimeout) => {
    timers.setTimeout = one;
    // What `import { setTimeout } from 'node:timers/promises'` gets.
    syncBuiltinESMExports();
  };
  put(replacement);
  afterwards(() => put(setTimeout));
}
