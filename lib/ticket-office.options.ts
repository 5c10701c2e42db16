import type { Provider } from '@nestjs/common';
import { PAGE_NAMES, type Pages } from './invitations/answers/page-context.js';
import type { PassStoreKind } from './invitations/invitation.settings.js';
import { type Duration, durationProblem, toDuration } from './tickets/input/duration.js';
import { argon2Problem, argon2Defaults, type Argon2Settings } from './tickets/secrets/argon2.settings.js';
import type { Ticket } from './tickets/ticket.entity.js';
import {
  countProblem,
  describe,
  validate,
  functionProblem,
  isFunction,
  isPlainObject,
  Optional,
  Rule,
  switchProblem,
  withoutUndefined,
} from './tickets/input/rules.js';
import { TicketOfficeConfigurationError } from './tickets/ticket.errors.js';

/** The token of the options as the app gave them. */
export const TICKET_OFFICE_OPTIONS = Symbol('TICKET_OFFICE_OPTIONS');

/** Options of {@link TicketOfficeModule}. */
export interface TicketOfficeOptions {
  /**
   * The app's secret, at least 32 characters, from which all keys are derived: `openssl rand -base64 32` makes one.
   * In a list the first signs and all are recognised, so that a secret can be replaced: put the new one first.
   */
  readonly secret: string | readonly string[];
  /** Where the app is reached, such as `https://museum.example`: the start of the links that `url()` makes. */
  readonly baseUrl?: string;
  /**
   * How long a ticket issued without an expiry is valid: ms, or a text such as `'5d'`; `null`: for ever.
   * @default '24h'
   */
  readonly expiresIn?: Duration | null;
  /** Makes the password of tickets issued without one. Kept like a human's, for its strength is not known here. */
  readonly passwordGenerator?: () => string;
  /**
   * How many wrong guesses at a human's password, or at a code, lock its ticket for good.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Argon2id for human passwords and codes: cost, and how many at once. Default cost and the least that is accepted are
   * OWASP's (Password Storage Cheat Sheet): at least 7168 KiB, and memoryCost × timeCost at least 35 840. Passwords
   * kept at a lower cost are raised when they are next shown. Beyond `concurrency` and `queue` guests are told to come
   * again (503); `concurrency` is one less than the threads of Node.js (`UV_THREADPOOL_SIZE`) at most.
   * @default { memoryCost: 19456, timeCost: 2, parallelism: 1, concurrency: 3, queue: 200 } — memoryCost in KiB
   */
  readonly argon2?: Partial<Argon2Settings>;
  /**
   * The pass: a signed text that lets the redirect drop the credentials from the URL. A browser has ten of them at most,
   * in cookies of their own (`'cookie'`), or in the session that express-session or @fastify/session gives the app
   * (`'session'`): its id is renewed for each pass, and what is in it is kept. `false`: no pass and no redirect; the
   * guest's credentials stay in the URL.
   * @default { store: 'cookie', maxAge: '15m' } — maxAge in ms, or a text
   */
  readonly pass?: { readonly store?: PassStoreKind; readonly maxAge?: Duration } | false;
  /**
   * Pages for guests who come with a browser, instead of the built-in ones; `false`: refusals are always JSON. (The page
   * with the button is still shown to browsers: `confirm` turns that off.)
   * @default built-in pages in English
   */
  readonly pages?: Pages | false;
  /**
   * Who a guest is to the app: what it returns, or resolves to, becomes `request.user` when nobody is logged in.
   * @example guest: (ticket) => ({ id: ticket.subject, roles: ['guest'] })
   */
  guest?(this: void, ticket: Ticket, request: object): unknown;
  /**
   * Whether a browser is shown a page with one button before a stamped GET handler runs. Mail scanners open links, some
   * with JavaScript, and press no buttons: what they open stays unused. Needs a pass.
   * @default true
   */
  readonly confirm?: boolean;
  /**
   * After how long another request may take a ticket over whose claim was neither stamped nor released, since its
   * process died: ms, or a text such as `'10m'`; longer than any handler takes. The old holder can then neither stamp
   * nor release. `null`: never; `reopen()` frees such a ticket.
   * @default null
   */
  readonly abandonedAfter?: Duration | null;
  /**
   * The one clock of the ticket office.
   * @default () => new Date()
   */
  readonly now?: () => Date;
}

/** What is set beside the options, on the module itself, before any factory of options has run. */
export const EXTRAS = {
  /** Whether every module of the app may use the ticket office without importing it. */
  isGlobal: false,
  /** The name of the TypeORM data source that holds the tickets. */
  dataSource: 'default',
  /** Providers that the module gets besides its own. */
  extraProviders: [] as Provider[],
};

/** What an option is when the app leaves it out. */
export const DEFAULTS = {
  expiresIn: '24h',
  maxAttempts: 5,
  abandonedAfter: null,
  argon2: argon2Defaults(),
  pass: { store: 'cookie', maxAge: '15m' },
  pages: {},
  confirm: true,
  now: () => new Date(),
} as const satisfies Partial<TicketOfficeOptions>;

/** 32 characters of base64 hold 192 bits: above the 112 that NIST SP 800-131A asks of a key. */
const SECRET_LENGTH = 32;
/** More than a thousand guesses no limit stands for. */
const MOST_ATTEMPTS = 1000;

class OptionsRules {
  @Rule(secretProblem)
  secret: unknown = undefined;

  @Optional()
  @Rule(baseUrlProblem)
  baseUrl: unknown = undefined;

  @Optional()
  @Rule(durationProblem('ever'))
  expiresIn: unknown = undefined;

  @Optional()
  @Rule(functionProblem('that returns a password: () => string'))
  passwordGenerator: unknown = undefined;

  @Optional()
  @Rule(countProblem(MOST_ATTEMPTS))
  maxAttempts: unknown = undefined;

  @Optional()
  @Rule(argon2Problem)
  argon2: unknown = undefined;

  @Optional()
  @Rule(passProblem)
  pass: unknown = undefined;

  @Optional()
  @Rule(pagesProblem)
  pages: unknown = undefined;

  @Optional()
  @Rule(switchProblem)
  confirm: unknown = undefined;

  @Optional()
  @Rule(durationProblem('never'))
  abandonedAfter: unknown = undefined;

  @Optional()
  @Rule(functionProblem('that returns the user: (ticket, request) => user'))
  guest: unknown = undefined;

  @Optional()
  @Rule(functionProblem('that returns the time: () => new Date()'))
  now: unknown = undefined;
}

/** @throws TicketOfficeConfigurationError that names each faulty option, what is wrong, and what to write */
export function assertOptions(options: unknown): asserts options is TicketOfficeOptions {
  const misplaced = Object.keys(EXTRAS).filter((name) => isPlainObject(options) && name in options);
  const faults = [
    ...misplaced.map(
      (name) => `'${name}' goes beside useFactory, useClass or useExisting, not among the options`,
    ),
    ...validate(OptionsRules, without(options, misplaced), 'the options'),
  ];
  if (faults.length > 0) {
    throw new TicketOfficeConfigurationError(`TicketOfficeModule options: ${faults.join('; ')}`);
  }
}

const without = (options: unknown, names: readonly string[]): unknown =>
  names.length === 0
    ? options
    : Object.fromEntries(Object.entries(Object(options) as object).filter(([name]) => !names.includes(name)));

function secretProblem(value: unknown): string | undefined {
  const secrets: unknown[] = Array.isArray(value) ? value : [value];
  const wanted = `must be a string of at least ${SECRET_LENGTH} characters (openssl rand -base64 32), or a list of them`;
  if (secrets.length === 0) return `${wanted}, not an empty list`;
  for (const secret of secrets) {
    if (typeof secret !== 'string') return `${wanted}, not ${describe(secret)}`;
    if (secret.length < SECRET_LENGTH) return `${wanted}; this one has ${secret.length}`;
  }
  return new Set(secrets).size === secrets.length ? undefined : 'must not have the same secret twice';
}

function baseUrlProblem(value: unknown): string | undefined {
  const url =
    typeof value === 'string' && !/[?#\s]/.test(value) && URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  return isPlain
    ? undefined
    : "must be an http(s) URL without query, hash or user, such as 'https://museum.example'";
}

function passProblem(value: unknown): string | undefined {
  const wanted = "must be false, or { store: 'cookie', maxAge: '15m' }, or the same with store: 'session'";
  if (value === false) return undefined;
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const { store, maxAge, ...rest } = { ...DEFAULTS.pass, ...withoutUndefined(value) };
  const isStore = store === 'cookie' || store === 'session';
  return isStore && toDuration(maxAge) !== undefined && Object.keys(rest).length === 0 ? undefined : wanted;
}

function pagesProblem(value: unknown): string | undefined {
  const wanted = `must be false, or { ${PAGE_NAMES.join(', ')} } with functions that return HTML`;
  if (value === false) return undefined;
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const pages = Object.entries(withoutUndefined(value));
  const areAll = pages.every(
    ([name, page]) => PAGE_NAMES.some((known) => known === name) && isFunction(page),
  );
  return areAll ? undefined : wanted;
}
