import { isSent } from '../../support/versions.js';
import { ROUNDS } from '../extent.js';
import { allShapes } from './shapes.all.js';
import { moments, parties, type Party } from './parties.js';
import type { Moment } from './scene.js';
import type { Outcome, Place, Shape } from './shape.js';

/** A handler, and a party that interferes at a moment. */
export interface Cell {
  readonly shape: Shape;
  readonly party?: Party;
  readonly moment?: Moment;
}

/** Why there is no such cell; nothing: there is. */
function impossible({ platform, isTransaction }: Place, { shape, party, moment }: Cell): string | undefined {
  if (shape.only && shape.only !== platform) return 'the other platform has no such handler';
  if (shape.streamed && !isSent(platform, shape.streamed)) return 'this version of Nest makes JSON of it';
  if (party?.only && party.only !== platform) return 'the other platform has no such party';
  if (isTransaction && shape.inTransaction === 'error at boot') return 'it does not boot';
  if (shape.returnsEarly && party?.isInterceptor && moment !== 'before the claim')
    return 'interceptors are done once it has returned';
  if (shape.isSynchronous && moment === 'while the handler runs')
    return 'it has returned before anybody can act';
  if (shape.isRendered && party?.answers) return 'Express throws an error that ends the process';
  if (moment !== 'while the answer is on its way') return undefined;
  if (!shape.streams) return 'its answer goes out in one piece';
  if (isTransaction && shape.inTransaction) return 'the transaction may have refused it';
  return party?.isInterceptor ? 'interceptors are done by then' : party?.isTooLateOnTheWay;
}

/** What a handler may do here. */
export const shapesOn = (place: Place): Shape[] =>
  allShapes.filter((shape) => impossible(place, { shape }) === undefined);

/** All that can happen to it, nobody's interference first. */
export function cellsOf(place: Place, shape: Shape): Cell[] {
  const product = parties.flatMap((party) => moments.map((moment) => ({ shape, party, moment })));
  const dealt = product.filter((cell) => isDealt(place, cell));
  return [{ shape }, ...dealt].filter((cell) => impossible(place, cell) === undefined);
}

/**
 * One of so many cells: what Express and Fastify have in common is dealt out between them, and a transaction, whose
 * outcome is decided alike, plays a sixth. `npm run test:races` plays them all.
 */
function shareOf({ isTransaction }: Place, { only }: Party): number {
  if (ROUNDS > 1) return 1;
  return isTransaction ? 6 : only ? 2 : 3;
}

/** Dealt so that each handler meets each party, and each party comes at each moment. */
function isDealt(place: Place, { shape, party, moment }: Required<Cell>): boolean {
  const turn = allShapes.indexOf(shape) + parties.indexOf(party) + moments.indexOf(moment);
  return (turn + (place.platform === 'Fastify' ? 1 : 0)) % shareOf(place, party) === 0;
}

/** Whether a transaction may refuse what the handler does after it has returned, through the manager. */
export const mayBeRefused = ({ isTransaction }: Place, { shape }: Pick<Cell, 'shape'>): boolean =>
  isTransaction && shape.inTransaction === 'may be refused';

/**
 * What must become of the ticket; several where it is in doubt: a stream that would fail may never be read when nobody is
 * there, and a transaction may refuse what outlives its handler.
 */
export function outcomesOf(place: Place, cell: Cell): Outcome[] {
  const { shape, party, moment } = cell;
  const either: Outcome[] = ['used', 'works again'];
  if (mayBeRefused(place, cell)) return either;
  const isBeforeItsEnd = moment === 'before the claim' || moment === 'while the handler runs';
  return party && shape.failsLater && isBeforeItsEnd ? either : [shape.outcome];
}

export const nameOf = ({ shape, party, moment }: Cell): string =>
  party ? `${shape.does}; ${party.name} ${moment}` : `${shape.does}; nobody interferes`;
