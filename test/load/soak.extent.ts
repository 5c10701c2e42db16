/** Requests of the soak on each platform: some by `npm test`, twenty thousand by `npm run test:soak`. */
export const REQUESTS = Number(process.env['TICKET_OFFICE_TEST_SOAK'] ?? 400);

/** Another for each run; a run that failed says its own, and can be repeated by it, as far as its plan goes. */
export const SEED = Number(process.env['TICKET_OFFICE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

export const MARGIN = 3 * 2 ** 20;
