import { Ticket } from 'nestjs-ticketoffice';
import { Visit as VisitRow } from '../support/visits.js';
import type { SoakApp } from './soak.app.js';
import { isDisturbed, type Run, type Visit } from './soak.run.js';
import type { Outing } from './soak.plan.js';

/** What the database has of a ticket. */
interface Trace {
  readonly isUsed: boolean;
  readonly isClaimed: boolean;
  readonly effects: number;
}

const NOTHING: Trace = { isUsed: false, isClaimed: false, effects: 0 };

export async function tracesOf(
  { dataSource }: SoakApp,
  uuids: readonly string[],
): Promise<Map<string, Trace>> {
  const rows = await dataSource
    .createQueryBuilder()
    .select('*')
    .from(Ticket, 'ticket')
    .where('uuid IN (:...uuids)', { uuids })
    .getRawMany<{ uuid: string; usedAt: string | null; claimId: string | null }>();
  const effects = await dataSource
    .createQueryBuilder()
    .select(['uuid', 'count(*) AS count'])
    .from(VisitRow, 'visit')
    .where('uuid IN (:...uuids)', { uuids })
    .groupBy('uuid')
    .getRawMany<{ uuid: string; count: string }>();
  const counts = new Map(effects.map(({ uuid, count }) => [uuid, Number(count)]));
  return new Map(
    rows.map(({ uuid, usedAt, claimId }) => [
      uuid,
      {
        isUsed: usedAt !== null,
        isClaimed: usedAt === null && claimId !== null,
        effects: counts.get(uuid) ?? 0,
      },
    ]),
  );
}

/** What was wrong with the tickets of a wave, in sentences. */
export async function judge(app: SoakApp, outings: readonly Outing[]): Promise<string[]> {
  const byTicket = new Map<string, Visit[]>();
  for (const visit of outings.flatMap(({ visits }) => visits)) {
    const { uuid } = visit.credentials;
    byTicket.set(uuid, [...(byTicket.get(uuid) ?? []), visit]);
  }
  const traces = await tracesOf(app, [...byTicket.keys()]);
  const pipelined = new Set(
    outings.flatMap(({ visits, isPipelined }) => (isPipelined ? visits : [])).map(({ id }) => id),
  );
  const faults = [...byTicket].flatMap(([uuid, visits]) => {
    const runs = app.ledger.runsOf(uuid);
    const found = [
      ...faultsOfTicket(runs, traces.get(uuid) ?? NOTHING),
      ...faultsOfAnswers(visits, traces.get(uuid) ?? NOTHING),
      ...faultsOfStatus(visits.filter(({ id }) => !pipelined.has(id))),
    ];
    return found.map((fault) => `${fault} (${visits.map(nameOf).join('; ')})`);
  });
  return [...app.ledger.faults, ...faults];
}

function* faultsOfTicket(runs: readonly Run[], { isUsed, isClaimed, effects }: Trace): Generator<string> {
  const successes = runs.filter(({ outcome }) => outcome === 'used');
  const doubtful = runs.filter(({ outcome }) => outcome === undefined);
  if (isClaimed) yield 'the ticket is still claimed';
  if (successes.length > 1) yield `${successes.length} handlers have succeeded`;
  if (successes.length > 0 && !isUsed) yield 'the ticket is free, though a handler has succeeded';
  if (successes.length + doubtful.length === 0 && isUsed)
    yield 'the ticket is used, though no handler has succeeded';
  const written = successes.filter(({ hasWritten }) => hasWritten).length;
  const most = written + (isUsed ? doubtful.filter(({ hasWritten }) => hasWritten).length : 0);
  if (effects < written || effects > most) yield `effects: ${effects}, not ${written}`;
}

function* faultsOfAnswers(visits: readonly Visit[], { isUsed }: Trace): Generator<string> {
  const heard = visits.filter(({ status }) => status > 0 && status < 400).length;
  if (heard > 1) yield `${heard} answers report success`;
  if (heard > 0 && !isUsed) yield 'the ticket is free, though an answer reports success';
}

/** An undisturbed guest with a ticket of their own gets the answer that the shape names. */
function* faultsOfStatus([visit, ...others]: readonly Visit[]): Generator<string> {
  if (!visit || others.length > 0 || isDisturbed(visit) || visit.isKeptAlive) return;
  const { shape, status, wanted } = visit;
  // Fastify may have lost its patience, on a busy machine.
  if (status !== wanted && status !== 503 && !shape.breaksOff) yield `answer: ${status}, not ${wanted}`;
}

const nameOf = (visit: Visit): string => {
  const disturbance = Object.entries(visit)
    .filter(([name, value]) => DISTURBANCES.has(name) && value !== undefined)
    .map(([name, value]) => `, ${name} ${value}`);
  return `${visit.stamp}, ${visit.shape.does}${disturbance.join('')}: ${visit.status}`;
};

const DISTURBANCES = new Set(['hangUpAfter', 'hangsUpInAnswer', 'giveUpAfter', 'answerAfter']);
