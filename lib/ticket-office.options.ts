import type { Provider, Type } from '@nestjs/common';
import type { Pages } from './invitations/answers/page-context.js';
import { InvitationSettings, type PassOptions } from './invitations/invitation.settings.js';
import type { CleaningOptions } from './tickets/cleaning/cleaning.settings.js';
import type { CredentialParameters } from './tickets/credential.parameters.js';
import type { Duration } from './tickets/input/duration.js';
import { filled, isPlainObject, Rule, validate } from './tickets/input/rules.js';
import { argon2Problem, type Argon2Settings } from './tickets/secrets/argon2.settings.js';
import { secretProblem } from './tickets/secrets/keyring.js';
import { Ticket } from './tickets/ticket.entity.js';
import { TicketOfficeConfigurationError } from './tickets/ticket.errors.js';
import { TicketSettings } from './tickets/ticket.settings.js';

/** Injection token of the options as the app passed them: not validated, and without defaults. */
export const TICKET_OFFICE_OPTIONS = Symbol('TICKET_OFFICE_OPTIONS');

/** Configures the ticket office: passed to `forRoot`, or returned by the factory of `forRootAsync`. */
export interface TicketOfficeOptions {
  /**
   * The app's secret, from which all keys are derived: at least 32 characters. `openssl rand -base64 32` makes one.
   * To replace a secret, pass a list with the new one first: the first one signs, and all of them verify.
   */
  readonly secret: string | readonly string[];
  /**
   * The app's public address, such as `https://museum.example`. The links of `url()` begin with it; without it, `url()`
   * throws. With `app.setGlobalPrefix('api')`, write the prefix here (`https://museum.example/api`) or into each path of
   * `url()`, and a version in the URI into the path. In a browser that sends no
   * `Sec-Fetch-Site`, requests from pages of its origin do not count as cross-site.
   */
  readonly baseUrl?: string;
  /**
   * Lifetime of a ticket that is issued without an expiry: in ms, or text such as `'5d'`; `null`: it never expires. For
   * a code, at most 10 minutes.
   * @default '24h'
   */
  readonly expiresIn?: Duration | null;
  /**
   * Makes the password of a ticket that is issued without one. It is hashed like a human's, because its strength is
   * not known here.
   * @default a generated secret of 256 bits
   */
  readonly passwordGenerator?: () => string;
  /**
   * How many wrong guesses at a human's password, or at a code, lock its ticket for good: 1 to 1000.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Cost and concurrency of argon2id, which hashes human passwords and codes. The default cost and the minimum are
   * OWASP's (Password Storage Cheat Sheet): at least 7168 KiB, and memoryCost × timeCost at least 35 840. Tickets that
   * were issued at another cost stay valid. `concurrency` hashes run at once, at most one less than Node.js has threads
   * (`UV_THREADPOOL_SIZE`), and `queue` more wait; guests beyond them get 503.
   * @default { memoryCost: 19456, timeCost: 2, parallelism: 1, concurrency: 3, queue: 200 } — memoryCost in KiB
   */
  readonly argon2?: Partial<Argon2Settings>;
  /**
   * The pass: a signed token that the browser keeps, so that a redirect can drop the credentials from the URL. A browser
   * has at most ten: in cookies of their own (`'cookie'`), or in the app's session by express-session or @fastify/session
   * (`'session'`), whose id is renewed for each pass and whose contents are kept. `false`: no pass and no redirect; the
   * guest's credentials stay in the URL.
   * @default { store: 'cookie', maxAge: '15m' } — maxAge in ms, or text
   */
  readonly pass?: PassOptions | false;
  /**
   * HTML pages for browsers, in place of the built-in ones. `false`: refusals are always JSON; browsers still get the
   * page with the button, unless `confirm` is `false`.
   * @default built-in pages, in ten languages
   */
  readonly pages?: Pages | false;
  /**
   * Returns, or resolves to, the app's user for a guest: it becomes `request.user` in HTTP handlers, unless a user is
   * logged in.
   * @example guest: (ticket) => ({ id: ticket.subject, roles: ['guest'] })
   */
  guest?(this: void, ticket: Ticket, request: object): unknown;
  /**
   * Whether a browser gets a page with one button before a stamped GET handler runs. Mail scanners open links, some
   * with JavaScript, but press no buttons, so they use no ticket up. Needs a pass.
   * @default true
   */
  readonly confirm?: boolean;
  /**
   * How long after a claim another one may take its ticket over, when it was neither stamped nor released because its
   * process died: in ms, or text such as `'10m'`. Choose a time longer than any handler runs: a claim that
   * was taken over can neither stamp nor release. `null`: never; `reopen()` frees such a ticket.
   * @default null
   */
  readonly abandonedAfter?: Duration | null;
  /**
   * The names of the two credentials in the links of `url()`, in any other query and in a body, for an app that uses
   * `uuid` or `password` for something else: of letters, digits, `-` and `_`. Links that are out keep the old names, and
   * stop working.
   * @default { uuid: 'uuid', password: 'password' }
   */
  readonly parameters?: Partial<CredentialParameters>;
  /**
   * Deletes tickets that are over: `every` (in ms, or text such as `'1h'`; `null`: only when the app calls `clean()`) in
   * each process, earlier or later by a tenth, those that have been over for `keep`, at most `batchSize` in one statement
   * (1 to 10 000). It ends with the app.
   * @default { every: null, keep: '30d', batchSize: 500 }
   */
  readonly cleaning?: Partial<CleaningOptions>;
  /**
   * The clock for all instants of the ticket office; tests may replace it.
   * @default () => new Date()
   */
  readonly now?: () => Date;
}

/** With `forRootAsync`, set beside `useFactory`: the module must know them before the factory of the options runs. */
export const EXTRAS = {
  /** Whether every module of the app may use the ticket office without importing it. */
  isGlobal: false,
  /** The name of the TypeORM data source that holds the tickets. */
  dataSource: 'default',
  /** The entity of the table of tickets: a class of the app's that extends `Ticket`, with columns of its own. */
  entity: Ticket as Type<Ticket>,
  /** Providers that the module gets besides its own. */
  extraProviders: [] as Provider[],
};

/** The options for keys and hashes. All others have their default and their rule in the settings that read them. */
class SecretSettings {
  @Rule(secretProblem)
  readonly secret: string | readonly string[] | undefined = undefined;

  @Rule(argon2Problem)
  readonly argon2: Partial<Argon2Settings> = {};
}

/** The options, validated and with their defaults, as the parts of the library read them. */
export interface TicketOfficeSettings {
  readonly secrets: SecretSettings;
  readonly tickets: TicketSettings;
  readonly invitations: InvitationSettings;
}

/** @throws TicketOfficeConfigurationError that names each faulty option, what is wrong, and what to write */
export function settingsOf(options: unknown): TicketOfficeSettings {
  const misplaced = Object.keys(EXTRAS).filter((name) => isPlainObject(options) && name in options);
  const given = without(options, misplaced);
  const problems = [
    ...misplaced.map(
      (name) => `'${name}' goes beside useFactory, useClass or useExisting, not among the options`,
    ),
    ...validate(given, 'the options', SecretSettings, TicketSettings, InvitationSettings),
  ];
  if (problems.length > 0) {
    throw new TicketOfficeConfigurationError(`TicketOfficeModule options: ${problems.join('; ')}`);
  }
  const fields = Object(given) as object;
  return {
    secrets: filled(SecretSettings, fields),
    tickets: filled(TicketSettings, fields),
    invitations: filled(InvitationSettings, fields),
  };
}

const without = (options: unknown, names: readonly string[]): unknown =>
  names.length === 0
    ? options
    : Object.fromEntries(Object.entries(Object(options) as object).filter(([name]) => !names.includes(name)));
