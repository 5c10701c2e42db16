import { PAGE_NAMES } from './invitations/answers/page-context.js';
import { EXTRA_NAMES } from './ticket-office.module-definition.js';
import { DEFAULTS, type TicketOfficeOptions } from './ticket-office.options.js';
import { countComplaint } from './tickets/input/count.rule.js';
import { durationComplaint, toDuration } from './tickets/input/duration.js';
import {
  describe,
  faultsOf,
  functionComplaint,
  isFunction,
  isPlainObject,
  Optional,
  Rule,
  switchComplaint,
  withoutUndefined,
} from './tickets/input/rules.js';
import { argon2Complaint } from './tickets/secrets/argon2.rule.js';
import { TicketOfficeConfigurationError } from './tickets/ticket.errors.js';

/** 32 characters of base64 hold 192 bits: above the 112 that NIST SP 800-131A asks of a key. */
const SECRET_LENGTH = 32;
/** More than a thousand guesses no limit stands for. */
const MOST_ATTEMPTS = 1000;

class OptionsRules {
  @Rule(secretComplaint)
  secret: unknown = undefined;

  @Optional()
  @Rule(baseUrlComplaint)
  baseUrl: unknown = undefined;

  @Optional()
  @Rule(durationComplaint('ever'))
  expiresIn: unknown = undefined;

  @Optional()
  @Rule(functionComplaint('that returns a password: () => string'))
  passwordGenerator: unknown = undefined;

  @Optional()
  @Rule(countComplaint(MOST_ATTEMPTS))
  maxAttempts: unknown = undefined;

  @Optional()
  @Rule(argon2Complaint)
  argon2: unknown = undefined;

  @Optional()
  @Rule(passComplaint)
  pass: unknown = undefined;

  @Optional()
  @Rule(pagesComplaint)
  pages: unknown = undefined;

  @Optional()
  @Rule(switchComplaint)
  confirm: unknown = undefined;

  @Optional()
  @Rule(durationComplaint('never'))
  abandonedAfter: unknown = undefined;

  @Optional()
  @Rule(functionComplaint('that returns the user: (ticket, request) => user'))
  guest: unknown = undefined;

  @Optional()
  @Rule(functionComplaint('that returns the time: () => new Date()'))
  now: unknown = undefined;
}

/** @throws TicketOfficeConfigurationError that names each faulty option, what is wrong, and what to write */
export function assertOptions(options: unknown): asserts options is TicketOfficeOptions {
  const misplaced = EXTRA_NAMES.filter((name) => isPlainObject(options) && name in options);
  const faults = [
    ...misplaced.map(
      (name) => `'${name}' goes beside useFactory, useClass or useExisting, not among the options`,
    ),
    ...faultsOf(OptionsRules, without(options, misplaced), 'the options'),
  ];
  if (faults.length > 0) {
    throw new TicketOfficeConfigurationError(`TicketOfficeModule options: ${faults.join('; ')}`);
  }
}

const without = (options: unknown, names: readonly string[]): unknown =>
  names.length === 0
    ? options
    : Object.fromEntries(Object.entries(Object(options) as object).filter(([name]) => !names.includes(name)));

function secretComplaint(value: unknown): string | undefined {
  const secrets: unknown[] = Array.isArray(value) ? value : [value];
  const wanted = `must be a string of at least ${SECRET_LENGTH} characters (openssl rand -base64 32), or a list of them`;
  if (secrets.length === 0) return `${wanted}, not an empty list`;
  for (const secret of secrets) {
    if (typeof secret !== 'string') return `${wanted}, not ${describe(secret)}`;
    if (secret.length < SECRET_LENGTH) return `${wanted}; this one has ${secret.length}`;
  }
  return new Set(secrets).size === secrets.length ? undefined : 'must not have the same secret twice';
}

function baseUrlComplaint(value: unknown): string | undefined {
  const url =
    typeof value === 'string' && !/[?#\s]/.test(value) && URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  return isPlain
    ? undefined
    : "must be an http(s) URL without query, hash or user, such as 'https://museum.example'";
}

function passComplaint(value: unknown): string | undefined {
  const wanted = "must be false, or { store: 'cookie', maxAge: '15m' }, or the same with store: 'session'";
  if (value === false) return undefined;
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const { store, maxAge, ...rest } = { ...DEFAULTS.pass, ...withoutUndefined(value) };
  const isStore = store === 'cookie' || store === 'session';
  return isStore && toDuration(maxAge) !== undefined && Object.keys(rest).length === 0 ? undefined : wanted;
}

function pagesComplaint(value: unknown): string | undefined {
  const wanted = `must be false, or { ${PAGE_NAMES.join(', ')} } with functions that return HTML`;
  if (value === false) return undefined;
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const pages = Object.entries(withoutUndefined(value));
  const areAll = pages.every(
    ([name, page]) => PAGE_NAMES.some((known) => known === name) && isFunction(page),
  );
  return areAll ? undefined : wanted;
}
