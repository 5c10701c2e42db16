import { describe, faultsOf, isPlainObject, Optional, Rule } from './tickets/faults.js';
import { durationComplaint, toDuration } from './tickets/duration.js';
import { TicketOfficeConfigurationError } from './tickets/ticket.errors.js';
import { DEFAULTS, type TicketOfficeOptions } from './ticket-office.options.js';

/** 32 characters of base64 hold 192 bits: above the 112 that NIST SP 800-131A asks of a key. */
const SECRET_LENGTH = 32;
/** The least of the settings in OWASP's Password Storage Cheat Sheet: 7 MiB five times over. */
const ARGON2_FLOOR = { memoryCost: 7168, work: 7168 * 5 };
/** More than 4 GiB no server gives to one guest; RFC 9106, section 3.1, asks 8 KiB for each lane of the least memory. */
const ARGON2_CEILING = { memoryCost: 2 ** 22, timeCost: 2 ** 16, parallelism: 7168 / 8 };

const isFunction = (value: unknown): boolean => typeof value === 'function';
const isCount = (value: unknown, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;

class OptionsRules {
  @Rule(secretComplaint)
  secret: unknown = undefined;

  @Optional()
  @Rule(baseUrlComplaint)
  baseUrl: unknown = undefined;

  @Optional()
  @Rule(durationComplaint)
  expiresIn: unknown = undefined;

  @Optional()
  @Rule((value) =>
    isFunction(value) ? undefined : 'must be a function that returns a password: () => string',
  )
  passwordGenerator: unknown = undefined;

  @Optional()
  @Rule((value) => (isCount(value, 1000) ? undefined : 'must be a whole number from 1 to 1000'))
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
  @Rule((value) => (value === false ? undefined : 'is not built yet: write false, or leave it out'))
  confirm: unknown = undefined;

  @Optional()
  @Rule((value) => (value === null ? undefined : 'is not built yet: write null, or leave it out'))
  abandonedAfter: unknown = undefined;

  @Optional()
  @Rule(() => 'is not built yet: leave it out')
  guest: unknown = undefined;

  @Optional()
  @Rule((value) =>
    isFunction(value) ? undefined : 'must be a function that returns the time: () => new Date()',
  )
  now: unknown = undefined;
}

/** @throws TicketOfficeConfigurationError that names each faulty option, what is wrong, and what to write */
export function assertOptions(options: unknown): asserts options is TicketOfficeOptions {
  const faults = faultsOf(OptionsRules, options, 'the options');
  if (faults.length > 0) {
    throw new TicketOfficeConfigurationError(`TicketOfficeModule options: ${faults.join('; ')}`);
  }
}

function secretComplaint(value: unknown): string | undefined {
  const secrets: unknown[] = Array.isArray(value) ? value : [value];
  const wanted = `must be a string of at least ${SECRET_LENGTH} characters (openssl rand -base64 32), or a list of them`;
  if (secrets.length === 0) return `${wanted}, not an empty list`;
  const odd = secrets.find((secret) => typeof secret !== 'string');
  if (secrets.some((secret) => typeof secret !== 'string')) return `${wanted}, not ${describe(odd)}`;
  const short = (secrets as string[]).find((secret) => secret.length < SECRET_LENGTH);
  if (short !== undefined) return `${wanted}; this one has ${short.length}`;
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

function argon2Complaint(value: unknown): string | undefined {
  const wanted = 'must be { memoryCost (KiB), timeCost, parallelism }, whole numbers of 1 or more';
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  for (const [name, count] of Object.entries(value)) {
    if (!(name in ARGON2_CEILING)) return `has no setting '${name}': it ${wanted}`;
    if (!isCount(count, ARGON2_CEILING[name as keyof typeof ARGON2_CEILING]))
      return `${wanted}: ${name} is not`;
  }
  const { memoryCost, timeCost } = { ...DEFAULTS.argon2, ...value };
  if (memoryCost >= ARGON2_FLOOR.memoryCost && memoryCost * timeCost >= ARGON2_FLOOR.work) return undefined;
  return `is too cheap: memoryCost at least ${ARGON2_FLOOR.memoryCost}, memoryCost × timeCost at least ${ARGON2_FLOOR.work}`;
}

function passComplaint(value: unknown): string | undefined {
  const wanted = "must be false, or { store: 'cookie', maxAge: '15m' }";
  if (value === false) return undefined;
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const { store, maxAge, ...rest } = { ...DEFAULTS.pass, ...value };
  if ((store as string) === 'session') return `stores nothing in a session yet: it ${wanted}`;
  return store === 'cookie' && toDuration(maxAge) !== undefined && Object.keys(rest).length === 0
    ? undefined
    : wanted;
}

function pagesComplaint(value: unknown): string | undefined {
  const wanted = 'must be false, or { unauthorized, forbidden } with functions that return HTML';
  if (value === false) return undefined;
  if (!isPlainObject(value)) return `${wanted}, not ${describe(value)}`;
  const odd = Object.entries(value).some(
    ([name, page]) => !/^(unauthorized|forbidden)$/.test(name) || !isFunction(page),
  );
  return odd ? wanted : undefined;
}
