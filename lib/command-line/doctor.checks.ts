import type { DataSource, QueryRunner } from 'typeorm';
import { isMySql, isPostgres } from '../database/dialect.js';
import { seesPooler } from '../database/pooler.check.js';
import { type Check, fail, type Finding, NotCheckedError, ok, warn } from './doctor.diagnosis.js';
import { clockFinding, readClock } from './doctor.clock.js';
import { indexFinding, migrationFinding, tableFinding } from './doctor.schema.js';
import {
  environmentBaseUrl,
  environmentBaseUrlProblem,
  environmentSecrets,
  environmentSecretsProblem,
} from './environment.js';
import type { Office } from './office.js';
import { escaped } from './output.js';
import type { Session } from './session.js';

export const environmentChecks = (): Check[] => [
  { what: 'secret', check: secretFinding },
  { what: 'base URL', check: baseUrlFinding },
];

function secretFinding(): Finding {
  const problem = environmentSecretsProblem();
  if (problem !== undefined) return fail(problem);
  const { length } = environmentSecrets()!;
  return ok(length === 1 ? 'one, of good shape' : `${length}, of good shape: the first one signs`);
}

function baseUrlFinding(): Finding {
  const baseUrl = environmentBaseUrl();
  if (baseUrl === undefined) return warn('TICKET_OFFICE_BASE_URL is not set', 'links need it: --path');
  const problem = environmentBaseUrlProblem(baseUrl);
  return problem === undefined ? ok(escaped(baseUrl)) : fail(problem);
}

/** In this order: each connects, or opens the office, unless an earlier one has tried and failed. */
export function connectionChecks(session: Session): Check[] {
  const dataSource = once(() => session.connect(), 'there is no connection');
  const office = once(async () => {
    await dataSource();
    return session.open();
  }, 'the ticket office does not open');
  const withRunner =
    (find: (runner: QueryRunner, office?: Office) => Promise<Finding>, needsOffice = false) =>
    async (): Promise<Finding> => {
      const opened = needsOffice ? await office() : undefined;
      const runner = (await dataSource()).createQueryRunner();
      try {
        return await find(runner, opened);
      } finally {
        await runner.release();
      }
    };
  return [
    { what: 'connection', check: async () => ok(await serverOf(await dataSource())) },
    { what: 'office', check: async () => office().then(() => ok('opens, as in the app')) },
    { what: 'table', check: async () => tableFinding(await office()) },
    { what: 'indexes', check: withRunner((runner, opened) => indexFinding(runner, opened!), true) },
    { what: 'migrations', check: withRunner((runner, opened) => migrationFinding(runner, opened!), true) },
    { what: 'clock', check: withRunner(async (runner) => clockFinding(await readClock(runner))) },
    { what: 'pooler', check: withRunner(poolerFinding) },
  ];
}

/** Fails once with its own error; afterwards it says that nothing could be checked. */
function once<T>(open: () => Promise<T>, otherwise: string): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return async () => {
    if (!opened) return (opened = open());
    return opened.catch(() => {
      throw new NotCheckedError(`not checked: ${otherwise}`);
    });
  };
}

async function serverOf(dataSource: DataSource): Promise<string> {
  const sql = isPostgres(dataSource)
    ? 'SHOW server_version'
    : isMySql(dataSource)
      ? 'SELECT VERSION()'
      : 'SELECT sqlite_version()';
  const [row] = (await dataSource.query(sql)) as [object];
  return escaped(`${dataSource.options.type} ${String(Object.values(row)[0])}`);
}

async function poolerFinding(runner: QueryRunner): Promise<Finding> {
  const seen = await seesPooler(runner);
  if (seen === undefined) return ok('none can be seen here');
  return ok(seen ? 'seen between this and the database; the office works through it' : 'not seen');
}
