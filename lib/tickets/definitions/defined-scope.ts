import { assertScope } from '../input/arguments.js';
import { describe, isPlainObject, quote, unknownProblem } from '../input/rules.js';
import { isSameScope, type Scope } from '../scope.js';
import { TicketInputError } from '../ticket.errors.js';
import {
  fillParameters,
  type ParameterValue,
  parametersIn,
  paramsProblems,
  pathnameOf,
} from './place.parameters.js';
import { isDefinition, type TicketDefinition, undefinedProblem } from './ticket.definition.js';

/** What the calls that ask for a place and a purpose take beside a definition. */
export interface ScopeOptions {
  /** What fills the parameters of the definition's place. */
  readonly params?: Readonly<Record<string, ParameterValue>>;
}

/** The names of the parameters of a definition, of its place and of its path. */
export const namesIn = ({ place, path = '' }: TicketDefinition): string[] => [
  ...new Set([...parametersIn(place), ...parametersIn(pathnameOf(path))]),
];

/** What is wrong with the `params` for a definition's place; those of its path alone may be there. */
export const placeParamsProblems = (definition: TicketDefinition, params: unknown): string[] =>
  paramsProblems(params, parametersIn(definition.place), namesIn(definition));

/** The place and purpose of a definition; `params` were checked before. */
export const filledScope = ({ place, purpose }: TicketDefinition, params: unknown): Scope => ({
  place: fillParameters(place, (params ?? {}) as Record<string, ParameterValue>),
  purpose,
});

/** @throws TicketInputError for `params` that do not fill the definition's place, or make it too long */
export function definedScope(call: string, definition: TicketDefinition, params?: unknown): Scope {
  const problems = placeParamsProblems(definition, params);
  if (problems.length > 0) throw new TicketInputError(call, problems);
  const scope = filledScope(definition, params);
  assertScope(call, scope);
  return scope;
}

/**
 * Reads a place and a purpose, or a definition and its options.
 *
 * @throws TicketInputError for what is neither, and for `params` that do not fill the definition's place
 */
export function readScope(call: string, placeOrDefinition: unknown, purposeOrOptions: unknown): Scope {
  if (isDefinition(placeOrDefinition)) {
    return definedScope(call, placeOrDefinition, readParams(call, purposeOrOptions));
  }
  assertNotHandMade(call, placeOrDefinition);
  assertNotUndefined(call, placeOrDefinition, purposeOrOptions);
  const scope = { place: placeOrDefinition, purpose: purposeOrOptions } as Scope;
  assertScope(call, scope);
  return scope;
}

/** What is wrong with fields beside a definition that would name another place or purpose than its own. */
export const scopeFieldProblems = (fields: object): string[] =>
  ['place', 'purpose']
    .filter((name) => name in fields)
    .map((name) => `${name} is the definition's: leave it out, and fill parameters by params`);

/** @throws TicketInputError for an object that would like to be a definition */
export function assertNotHandMade(call: string, value: unknown): void {
  if (!isPlainObject(value) || !('place' in value || 'purpose' in value)) return;
  throw new TicketInputError(call, [
    'the definition must be made by defineTicket({ place, purpose, … }), or write place and purpose',
  ]);
}

/** @throws TicketInputError for a definition of a module that was not ready: without a purpose, no place is meant */
export function assertNotUndefined(call: string, placeOrDefinition: unknown, purpose: unknown): void {
  if (placeOrDefinition === undefined && typeof purpose !== 'string')
    throw new TicketInputError(call, [undefinedProblem('the definition')]);
}

/** @throws TicketInputError for options other than `{ params }` */
export function readParams(call: string, options: unknown): unknown {
  if (options === undefined) return undefined;
  if (!isPlainObject(options))
    throw new TicketInputError(call, [`the options must be { params }, not ${describe(options)}`]);
  const unknown = Reflect.ownKeys(options).filter((name) => name !== 'params');
  if (unknown.length > 0)
    throw new TicketInputError(call, unknownProblem(unknown.map(quote), 'write params'));
  return options.params;
}

/** Whether a scope is a place and a purpose, or a definition's. */
export function isOfScope(scope: Scope, placeOrDefinition: unknown, purposeOrParams: unknown): boolean {
  if (isDefinition(placeOrDefinition))
    return isSameScope(scope, definedScope('isAppropriate()', placeOrDefinition, purposeOrParams));
  assertNotHandMade('isAppropriate()', placeOrDefinition);
  assertNotUndefined('isAppropriate()', placeOrDefinition, purposeOrParams);
  return isSameScope(scope, { place: placeOrDefinition, purpose: purposeOrParams } as Scope);
}
