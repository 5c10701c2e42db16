import { filledScope, placeParamsProblems, scopeFieldProblems } from '../definitions/defined-scope.js';
import {
  DEFINITION_ALONE,
  isDefinition,
  lacksDefinition,
  type TicketDefinition,
  undefinedProblem,
} from '../definitions/ticket.definition.js';
import { TicketInputError } from '../ticket.errors.js';
import { copyOf, isObject } from './copied-fields.js';
import { type Rules, validateBeside } from './rules.js';

/** An input; or a definition, and what narrows it further. */
export type FilterArguments = readonly [inputOrDefinition: unknown, input?: unknown];

/** The columns of the app's own entity, as fields of a filter. */
export interface OwnFilters {
  readonly filters: readonly string[];
  filterProblems(filter: object): string[];
}

const NONE: OwnFilters = { filters: [], filterProblems: () => [] };

/**
 * Reads an input whose fields narrow what is done: one that is spelled out and `undefined`, such as a request's parameter
 * that is missing, would widen it to everybody's tickets. So would one that the app takes out of its object after the
 * call, while this waits for a connection: hence a copy. And so would a place whose parameters nothing fills.
 *
 * @param filters the names of these fields
 * @returns a copy of the input, with all that was checked, and with the definition's place and purpose
 * @throws TicketInputError with every problem of the input
 */
export function readFilter<T>(
  call: string,
  given: FilterArguments,
  rules: Rules,
  filters: readonly string[],
  own = NONE,
): T {
  const { input, problems: scopeProblems } = withScope(given, [...Object.keys(new rules()), ...own.filters]);
  const fields = Object(input) as Record<string, unknown>;
  const missing = [...filters, ...own.filters].filter((name) => name in fields && fields[name] === undefined);
  const problems = [
    ...scopeProblems,
    ...validateBeside(own.filters, input, 'the input', rules),
    ...own.filterProblems(fields),
    ...missing.map((name) => `${name} must have a value, not undefined: leave it out for all tickets`),
  ];
  if (problems.length > 0) throw new TicketInputError(call, problems);
  return input as T;
}

/** The arguments of a call that is for all tickets without any. */
export const orAll = (first: unknown, second: unknown): FilterArguments =>
  first === undefined && second === undefined ? [{}] : [first, second];

function withScope(given: FilterArguments, names: readonly string[]) {
  return isDefinition(given[0]) ? narrowed(given[0], given[1], names) : widened(given, names);
}

/** A second argument narrows nothing without a definition: ignored, it would leave everybody's tickets. */
function widened([first, second]: FilterArguments, names: readonly string[]) {
  if (lacksDefinition(first, second)) return { input: {}, problems: [undefinedProblem('the definition')] };
  const problems = second === undefined ? [] : [DEFINITION_ALONE];
  return { input: isObject(first) ? copyOf(first, names) : first, problems };
}

function narrowed(definition: TicketDefinition, given: unknown = {}, names: readonly string[]) {
  if (!isObject(given)) return { input: given, problems: [] };
  const { params, ...input } = copyOf(given, [...names, 'params']);
  const faults = placeParamsProblems(definition, params);
  const scope = faults.length > 0 ? {} : filledScope(definition, params);
  return { input: { ...input, ...scope }, problems: [...scopeFieldProblems(input), ...faults] };
}
