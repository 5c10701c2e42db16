import type { Parameters } from 'fast-check';
import { ROUNDS } from '../extent.js';

/**
 * How often fast-check tries a property on each database: a few times in `npm test`, many times in the long half.
 *
 * What a failure prints repeats it: `TICKET_OFFICE_TEST_REPLAY='{"seed":1,"path":"0:0"}' npm test -- test/once/model`
 */
export const runs = (few: number): Pick<Parameters<unknown>, 'numRuns' | 'seed' | 'path'> => ({
  numRuns: few * ROUNDS,
  ...(JSON.parse(process.env['TICKET_OFFICE_TEST_REPLAY'] ?? '{}') as object),
});
