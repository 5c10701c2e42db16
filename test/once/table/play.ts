import { nestStreams } from '../../support/versions.js';
import { faultsOf } from '../../support/faults.js';
import { visitsOf } from '../../support/visits.js';
import { type Cell, mayBeRefused, nameOf, outcomesOf } from './cells.js';
import { FORGIVEN } from './forgiving.filter.js';
import type { Scene } from './scene.js';
import type { Outcome, Place, Shape } from './shape.js';
import type { Stage } from './stage.js';
import type { Answer, Visit } from './visit.js';
import { someTurns, within } from './within.js';

/**
 * Plays a cell of the table, and then lets the guest come again.
 *
 * @param next where the guest comes again
 * @returns what was wrong, in sentences that begin with the cell's name
 */
export async function play(stage: Stage, cell: Cell, next: Stage = stage): Promise<string[]> {
  const scene = await stage.open(cell.moment);
  const visit = stage.visit(scene, cell.shape);
  const faults: string[] = [];
  const step = async (action: Promise<unknown>) => {
    await action.catch((error: Error) => faults.push(error.message));
  };
  if (cell.party) await step(interfere(stage, scene, visit, cell));
  scene.goOn.open();
  // The outcome of a handler that sends its own answer may wait for that, and must not wait for the party's.
  const isSentByHandler = cell.shape.second !== undefined;
  if (isSentByHandler) await Promise.race([scene.decided.opened, someTurns()]);
  else await step(within(scene.decided.opened, 'decided'));
  await cell.party?.afterwards?.(scene);
  await step(within(scene.decided.opened, 'decided'));
  await step(within(visit.answer, 'answered'));
  scene.end();
  stage.close(scene);
  visit.hangUp();
  for (const { what, closed } of scene.opened) await step(within(closed, `closed its ${what}`));
  faults.push(...(await judge(next, cell, scene, await visit.answer)));
  return faults.map((fault) => `${nameOf(cell)}: ${fault}`);
}

async function interfere(stage: Stage, scene: Scene, visit: Visit, cell: Cell): Promise<void> {
  const ways = [scene.arrived.opened, ...(mayBeRefused(stage.place, cell) ? [scene.decided.opened] : [])];
  await within(Promise.race(ways), `came to the moment ${cell.moment!}`);
  await cell.party!.act(scene, visit, stage);
  const sendsItself = cell.shape.second !== undefined;
  if (cell.moment === 'while the answer is on its way' && !scene.isDecided && !sendsItself)
    throw new Error('was sent before the stamp');
}

const isSuccess = ({ status, body }: Answer): boolean => status > 0 && status < 400 && body !== FORGIVEN;

async function judge(stage: Stage, cell: Cell, scene: Scene, first: Answer): Promise<string[]> {
  const { museum, place } = stage;
  const { uuid, runs } = scene;
  const [row, written] = [(await museum.row(uuid))!, await visitsOf(museum.dataSource, uuid)];
  const isUsed = row.usedAt !== null;
  const second = await within(stage.visitAgain(scene).answer, 'answered').catch(() => NONE);
  const outcome: Outcome = isUsed ? 'used' : 'works again';
  const wanted = outcomesOf(place, cell);
  // What is sent as it works is stopped where nobody reads it: it may not have begun, or not have come to its end.
  const isLeft = cell.party !== undefined && cell.shape.isLazy === true;
  const writes = place.isTransaction && isUsed && !cell.shape.isSynchronous ? runs : 0;
  return faultsOf({
    ticket: [outcome, wanted.includes(outcome) ? outcome : wanted.join(' or ')],
    'claims left': [Number(row.claimId !== null && !isUsed), 0],
    runs: [runs, isLeft || mayBeRefused(place, cell) ? Math.min(runs, 1) : 1],
    written: [written, isLeft ? Math.min(written, writes) : writes],
    status: [first.status, hasOwnStatus(place, cell) ? statusOf(cell.shape, place) : first.status],
    'second visit': [shortly(second), isUsed ? '403 TICKET_USED' : '200'],
    'second runs': [museum.ledger.count(uuid), Number(!isUsed)],
    'two successes': [isSuccess(first) && isSuccess(second), false],
  });
}

/** Where Fastify itself sends a stream, its failure may come before the status is out. */
const hasOwnStatus = (place: Place, cell: Cell): boolean =>
  !cell.party && !mayBeRefused(place, cell) && (nestStreams || !cell.shape.streamed);

const statusOf = ({ status, statusOnFastify }: Shape, { platform }: Place): number =>
  (platform === 'Fastify' && statusOnFastify) || status;

const NONE: Answer = { status: 0, body: '' };

function shortly({ status, body }: Answer): string {
  if (status !== 403) return String(status);
  return `${status} ${(JSON.parse(body) as { errorCode?: string }).errorCode}`;
}
