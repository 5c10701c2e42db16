/** How much the suites of this folder do: `npm test` a part, `npm run test:races` everything. */
const isLong = process.env['TICKET_OFFICE_TEST_RACES'] === 'long';

/** Rounds of a race in one process, for each size, way of holding and isolation level. */
export const ROUNDS = isLong ? 100 : 1;
/** Rounds of a race of several processes. */
export const ROUNDS_OF_PROCESSES = isLong ? 100 : 1;
/** In ms, for a test that runs so many rounds. */
export const TIME_FOR_ROUNDS = isLong ? 30 * 60_000 : 60_000;
