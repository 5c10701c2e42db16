import { isObject } from '../input/copied-fields.js';
import { describe, quote, someNames } from '../input/rules.js';

/** What a parameter is filled with: text, or a whole number. */
export type ParameterValue = string | number;

/** The names of the parameters in a pattern: `'id'` for `'report/:id'`; any, for a pattern that is not known before. */
export type ParametersIn<Pattern extends string> = string extends Pattern
  ? string
  : Pattern extends `${infer Path}?${string}` | `${infer Path}#${string}`
    ? ParametersIn<Path>
    : Pattern extends `${infer First}/${infer Rest}`
      ? ParametersIn<First> | ParametersIn<Rest>
      : Pattern extends `:${infer Name}`
        ? Name
        : never;

/** A whole segment of a place or a path that a parameter fills. */
const PARAMETER = /(?<=^|\/):(\w+)(?=\/|$)/g;

/** The names of the parameters that fill a place, or a path without its query. */
export const parametersIn = (pattern: string): string[] =>
  [...pattern.matchAll(PARAMETER)].map(([, name]) => name!);

/** A place as an API description has it: `report/{id}` for `report/:id`. */
export const placeTemplate = (place: string): string => place.replace(PARAMETER, '{$1}');

/** A path without its query and its hash: what may have parameters. */
export const pathnameOf = (path: string): string => path.replace(/[?#][^]*$/, '');

/** What is wrong with parameters in a path's query or hash, which nothing would fill. */
export function unfilledProblem(path: string): string | undefined {
  const [found] = /(?<=[/=]):\w+/.exec(path.slice(pathnameOf(path).length)) ?? [];
  return found === undefined
    ? undefined
    : `must have its parameters before '?' and '#', such as '/report/:id', not ${quote(found)} behind`;
}

/** What is wrong with a segment that only looks like a parameter, such as `:id.pdf`, which nothing would fill. */
export function parametersProblem(pattern: string): string | undefined {
  const misspelt = pattern.split('/').find((part) => part.startsWith(':') && !/^:\w+$/.test(part));
  return misspelt === undefined
    ? undefined
    : `must have its parameters as whole segments of letters, digits and _, such as 'report/:id', not ${quote(misspelt)}`;
}

/**
 * Fills the parameters of a place or a path, each encoded as in a URL, so that no value can imitate another place by a
 * slash or a colon. The guard and `params` both fill by it: they have one spelling for each value.
 *
 * @param values one for each parameter, in well-formed Unicode
 */
export const fillParameters = (
  pattern: string,
  values: Readonly<Record<string, ParameterValue>>,
  encode: (text: string) => string = encodeURIComponent,
): string => pattern.replace(PARAMETER, (_, name: string) => encode(String(values[name])));

/**
 * What is wrong with the `params` of a call, one sentence for each problem.
 *
 * @param needed the names that must be there
 * @param known the names that may be there
 */
export function paramsProblems(
  params: unknown,
  needed: readonly string[],
  known: readonly string[],
): string[] {
  if (params === undefined && needed.length === 0) return [];
  // Also an instance of a class, which a ValidationPipe makes of the route's parameters.
  if (!isObject(params)) return [`params must be ${exampleOf(needed)}, not ${describe(params)}`];
  const missing = needed.filter((name) => !Object.hasOwn(params, name));
  const unknown = Reflect.ownKeys(params).filter((name) => !known.includes(name as string));
  return [
    ...missing.map((name) => `params.${name} is missing: write ${exampleOf(needed)}`),
    ...unknownParams(unknown.map(quote), known),
    ...known
      .filter((name) => Object.hasOwn(params, name))
      .flatMap((name) => valueProblem(name, params[name as keyof object])),
  ];
}

const exampleOf = (names: readonly string[]): string =>
  names.length === 0 ? 'left out' : `{ ${names.map((name) => `${name}: …`).join(', ')} }`;

function unknownParams(names: readonly string[], known: readonly string[]): string[] {
  if (names.length === 0) return [];
  const has = `params has ${someNames(names)}, which`;
  const isOne = names.length === 1;
  if (known.length === 0) return [`${has} nothing has a place for: leave ${isOne ? 'it' : 'them'} out`];
  const are = isOne ? 'is no parameter' : 'are no parameters';
  return [`${has} ${are} of the definition: write one of ${known.join(', ')}`];
}

function valueProblem(name: string, value: unknown): string[] {
  const isWhole = Number.isSafeInteger(value);
  const isText = typeof value === 'string' && value !== '' && value.isWellFormed();
  if (!isWhole && !isText)
    return [
      `params.${name} must be a whole number, or a non-empty string in well-formed Unicode, not ${describe(value)}`,
    ];
  // Browsers resolve them in an address, encoded ones, too: no link would lead there.
  return value === '.' || value === '..'
    ? [`params.${name} must not be '.' or '..', which no address can have as a segment`]
    : [];
}
