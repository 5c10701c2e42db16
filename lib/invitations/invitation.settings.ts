import { type Duration, toDuration } from '../tickets/input/duration.js';
import {
  areUnknown,
  describe,
  functionProblem,
  isFunction,
  isPlainObject,
  Optional,
  quote,
  Rule,
  Switch,
  withoutUndefined,
} from '../tickets/input/rules.js';
import type { Ticket } from '../tickets/ticket.entity.js';
import { PAGE_NAMES, type Pages } from './answers/page-context.js';

/** Where a browser's passes are kept: in cookies of their own, or in the app's session. */
export type PassStoreKind = 'cookie' | 'session';

/** Where passes are kept, and for how long. */
export interface PassOptions {
  /** @default 'cookie' */
  readonly store?: PassStoreKind;
  /**
   * How long a pass is valid, in ms, or text such as `'15m'`. It admits nobody once its ticket is over: then it shows its
   * guest the reason.
   * @default '15m'
   */
  readonly maxAge?: Duration;
}

/** What a route may decide about its passes itself. */
export type RoutePassOptions = Pick<PassOptions, 'maxAge'>;

const DEFAULT_PASS = { store: 'cookie', maxAge: '15m' } as const satisfies PassOptions;

/** The options for requests and answers: the default of each, and its rule. Also an injection token. */
export class InvitationSettings {
  @Rule(passProblem)
  readonly pass: PassOptions | false = DEFAULT_PASS;

  @Switch()
  readonly confirm: boolean = true;

  @Rule(pagesProblem)
  readonly pages: Pages | false = {};

  @Optional()
  @Rule(functionProblem('that returns the user: (ticket, request) => user'))
  readonly guest: ((this: void, ticket: Ticket, request: object) => unknown) | undefined = undefined;
}

/** Where passes are kept; `undefined`: there are none. */
export const passStoreKind = ({ pass }: Pick<InvitationSettings, 'pass'>): PassStoreKind | undefined =>
  pass ? (pass.store ?? DEFAULT_PASS.store) : undefined;

/**
 * How long a pass is valid, in ms.
 *
 * @param route what the route decides itself: it takes precedence
 */
export const passMaxAge = (
  { maxAge = DEFAULT_PASS.maxAge }: PassOptions,
  route: RoutePassOptions = {},
): number => toDuration(route.maxAge ?? maxAge)!;

/** What is wrong with a route's own settings for passes, and what to write; nothing when they are fine. */
export function routePassProblem(value: unknown): string | undefined {
  const wanted = "must be { maxAge: '1h' }";
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const { maxAge, store, ...rest } = withoutUndefined(value);
  const unknown = Object.keys(rest).map(quote);
  if (unknown.length > 0) return `${wanted}: ${areUnknown(unknown)}`;
  if (store !== undefined)
    return `${wanted}: where passes are kept, and whether there are any, is one decision for the app, in the option pass of TicketOfficeModule`;
  return maxAge === undefined || toDuration(maxAge) !== undefined ? undefined : wanted;
}

function passProblem(value: unknown): string | undefined {
  const wanted = "must be false, or { store: 'cookie', maxAge: '15m' }, or the same with store: 'session'";
  if (value === false) return undefined;
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const { store, maxAge, ...rest } = { ...DEFAULT_PASS, ...withoutUndefined(value) };
  const unknown = Object.keys(rest).map(quote);
  if (unknown.length > 0) return `${wanted}: ${areUnknown(unknown)}`;
  const isStore = store === 'cookie' || store === 'session';
  return isStore && toDuration(maxAge) !== undefined ? undefined : wanted;
}

function pagesProblem(value: unknown): string | undefined {
  const wanted = `must be false, or { ${PAGE_NAMES.join(', ')} } with functions that return HTML`;
  if (value === false) return undefined;
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const pages = withoutUndefined(value);
  const unknown = Object.keys(pages).filter((name) => !PAGE_NAMES.some((known) => known === name));
  if (unknown.length > 0) return `${wanted}: ${areUnknown(unknown.map(quote))}`;
  return Object.values(pages).every(isFunction) ? undefined : wanted;
}
