import { areUnknown, isPlainObject, quote, withoutUndefined } from './input/rules.js';

/**
 * The names of the parameters that carry the two credentials in a query or a body.
 * @inline
 */
export interface CredentialParameters {
  readonly uuid: string;
  readonly password: string;
}

export const DEFAULT_PARAMETERS: CredentialParameters = { uuid: 'uuid', password: 'password' };

/** Parameters of the ticket office's own: no credential can have their names. */
export const OWN_PARAMETERS = { ticket: 'ticket-uuid', confirmation: 'ticket-confirmation' } as const;

/** Names that no query and no form spells in two ways, or nests. */
const PLAIN = /^[\w-]+$/;

/**
 * Whether a parameter's name is one of these, or nests it: some parsers make an object of `uuid[x]` and `uuid[]`, others
 * do not. Here both always count, as malformed.
 */
export const isOneOf = (names: readonly string[], name: string): boolean =>
  names.some((wanted) => name.startsWith(wanted) && [undefined, '['].includes(name[wanted.length]));

/** Whether a parameter of this name is one of the credentials, correctly spelled or not. */
export const isCredential = (name: string, { uuid, password }: CredentialParameters): boolean =>
  isOneOf([uuid, password], name);

/** What is wrong with the option `parameters`, and what to write; nothing when it is fine. */
export function parametersProblem(value: unknown): string | undefined {
  const wanted = "must be { uuid: 'uuid', password: 'password' } with other names, or one of the two";
  if (!isPlainObject(value)) return wanted;
  const given = withoutUndefined(value);
  const unknown = Object.keys(given).filter((field) => !Object.hasOwn(DEFAULT_PARAMETERS, field));
  if (unknown.length > 0) return `${wanted}: ${areUnknown(unknown.map(quote))}`;
  const { uuid, password } = { ...DEFAULT_PARAMETERS, ...given };
  const problem = nameProblem(uuid) ?? nameProblem(password);
  if (problem !== undefined) return problem;
  return uuid === password ? `must name uuid and password differently, not both ${quote(uuid)}` : undefined;
}

function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string' || !PLAIN.test(name))
    return 'must have names of the letters a to z, digits, - and _';
  // Parsers leave out what every object has, such as `constructor`.
  const isTaken = Object.values<string>(OWN_PARAMETERS).includes(name) || name in {};
  return isTaken ? `must not have the name ${quote(name)}, which has a meaning of its own` : undefined;
}
