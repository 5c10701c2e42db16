import { inject } from 'vitest';
import type { DatabaseTarget } from '../support/database-targets.js';

/** Requests of the soak on each platform: some by `npm test`, twenty thousand by `npm run test:soak`. */
export const REQUESTS = Number(process.env['TICKET_OFFICE_TEST_SOAK'] ?? 250);

/** Whether to try all doubles, and not only those that are caught within a few seconds. */
export const ALL_TEETH = process.env['TICKET_OFFICE_TEST_TEETH'] === 'all';

/** Another for each run; one that fails says its own, by which its requests, though not their order, come again. */
export const SEED = Number(process.env['TICKET_OFFICE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

/**
 * By how much the heap may grow from the middle to the end, in bytes: it grows by less than one mebibyte, whatever the
 * number of requests, while functions are still compiled. A request that is kept, with its response and its socket,
 * takes ten kilobytes; in the long form, two hundred bytes for each request would show.
 */
export const MARGIN = 2 * 2 ** 20;

/** A PostgreSQL of the run, if there is one: it reports what its connections do. */
export const soakDatabase = (): DatabaseTarget[] =>
  inject('databases')
    .filter(({ name }) => name.startsWith('postgres'))
    .slice(-1);
