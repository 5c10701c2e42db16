import type { Provider } from '@nestjs/common';
import type { Pages } from './invitations/answers/page-context.js';
import { InvitationSettings, type PassOptions } from './invitations/invitation.settings.js';
import type { Duration } from './tickets/input/duration.js';
import { filled, isPlainObject, Rule, validate } from './tickets/input/rules.js';
import { argon2Problem, type Argon2Settings } from './tickets/secrets/argon2.settings.js';
import { secretProblem } from './tickets/secrets/keyring.js';
import type { Ticket } from './tickets/ticket.entity.js';
import { TicketOfficeConfigurationError } from './tickets/ticket.errors.js';
import { TicketSettings } from './tickets/ticket.settings.js';

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
   * OWASP's (Password Storage Cheat Sheet): at least 7168 KiB, and memoryCost × timeCost at least 35 840. Tickets that
   * were issued at another cost still open. Beyond `concurrency` and `queue` guests get 503; `concurrency` is at most
   * one less than the threads of Node.js (`UV_THREADPOOL_SIZE`).
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
  readonly pass?: PassOptions | false;
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

/** The options for keys and hashes. The default and the rule of each other option stand in the settings that read it. */
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
