/** How often each race of this folder is run: once by `npm test`, a hundred times by `npm run test:races`. */
export const ROUNDS = Number(process.env['TICKET_OFFICE_TEST_ROUNDS'] ?? 1);

/** In ms, for all rounds of a race, on a slow machine. */
export const TIME_FOR_ROUNDS = 30_000 * ROUNDS;
