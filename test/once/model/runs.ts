import type { Parameters } from 'fast-check';
import { ROUNDS } from '../extent.js';

/** Sequences of calls, on each database and with each rule for abandoned claims. */
const SEQUENCES = ROUNDS > 1 ? 400 : 15;
/** Many more in the longer run: what is generated differs each time, which a race of the same requests does not. */
const INTERLEAVINGS = ROUNDS > 1 ? 800 : 40;
/** In which a naive double has to be caught. */
const BEFORE_CAUGHT = 1000;

type Runs = Pick<Parameters<unknown>, 'numRuns' | 'seed' | 'path'>;

/** What fast-check prints of a failure, to see it again: see {@link sequences}. */
const { replayPath, ...replay } = JSON.parse(process.env['TICKET_OFFICE_TEST_REPLAY'] ?? '{}') as Pick<
  Runs,
  'seed' | 'path'
> & { replayPath?: string };

/** Which calls of a sequence were left out. */
export { replayPath };

/**
 * How often fast-check tries a property on each database: a few times in `npm test`, many times in the longer run.
 *
 * @example
 * TICKET_OFFICE_TEST_REPLAY='{"seed":1,"path":"0:0","replayPath":"AB:q"}' npm test -- test/once/model/sequences
 */
export const sequences: Runs = { numRuns: SEQUENCES, ...replay };
export const interleavings: Runs = { numRuns: INTERLEAVINGS, ...replay };
/** For what is well done, beside the doubles. */
export const controls: Runs = { numRuns: 20 };
/** Always the same, so that a double that is caught once is caught by everybody. */
export const attempts: Runs = { numRuns: BEFORE_CAUGHT, seed: 1 };
