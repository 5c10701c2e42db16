import { copyOf, isObject } from '../input/copied-fields.js';
import { deepCopy } from '../input/deep-copy.js';
import { assertIssueMany } from '../input/issue-many.input.js';
import type { IssueInput } from '../input/issue.input.js';
import { describe } from '../input/rules.js';
import { TicketInputError } from '../ticket.errors.js';
import { checkData } from './defined-data.js';
import { filledScope, placeParamsProblems, scopeFieldProblems } from './defined-scope.js';
import { type TicketDefinition, undefinedProblem } from './ticket.definition.js';

/** What is known of the inputs of `issue()`, with the columns of the app's own. */
export interface InputRules {
  readonly names: readonly string[];
  problems(input: unknown): string[];
}

/**
 * The input of a ticket of a definition: its own fields, with the definition's in place of those that it lacks, and its
 * data as it is to be stored.
 *
 * @param index of one of many inputs
 * @throws TicketInputError with every problem
 * @throws what the rules of the data throw
 */
export async function definedInput(
  call: string,
  definition: TicketDefinition | undefined,
  given: unknown,
  rules: InputRules,
  index?: number,
): Promise<IssueInput> {
  if (!definition) throw new TicketInputError(call, [undefinedProblem('the definition')]);
  const where = index === undefined ? {} : { index };
  if (!isObject(given))
    throw new TicketInputError(call, [`the input must be an object, not ${describe(given)}`], where);
  // Before the first `await`, and to the last level: the app may change its objects while the rules of the data work.
  const own = deepCopy(copyOf(given, [...rules.names, 'params'])) as Record<string, unknown>;
  const { params, data, ...fields } = own;
  const paramsFaults = placeParamsProblems(definition, params);
  const scope = paramsFaults.length > 0 ? definition : filledScope(definition, params);
  const checked = await checkData(definition.data, data);
  const input = {
    ...fields,
    ...defaultsOf(definition, fields),
    place: scope.place,
    purpose: scope.purpose,
    ...('data' in checked && checked.data !== undefined ? { data: checked.data } : {}),
  } as IssueInput;
  const problems = [
    ...scopeFieldProblems(fields),
    ...paramsFaults,
    ...('faults' in checked ? checked.faults : []),
    ...rules.problems(input),
  ];
  if (problems.length > 0) throw new TicketInputError(call, problems, where);
  return input;
}

/** The definition's fields for those that an input lacks; an `expiresAt` stands in place of its `expiresIn`. */
function defaultsOf(definition: TicketDefinition, fields: Record<string, unknown>): Partial<IssueInput> {
  const { password, onDuplicate } = definition;
  const expiresIn = fields.expiresAt === undefined ? definition.expiresIn : undefined;
  return Object.fromEntries(
    Object.entries({ password, onDuplicate, expiresIn }).filter(([name]) => fields[name] === undefined),
  );
}

/** The same for many inputs: reads and checks one when the next is asked for, and closes them when no more is. */
export async function* definedInputs(
  definition: TicketDefinition | undefined,
  inputs: Iterable<unknown> | AsyncIterable<unknown>,
  rules: InputRules,
): AsyncGenerator<IssueInput, void, undefined> {
  if (!definition) throw new TicketInputError('issueMany()', [undefinedProblem('the definition')]);
  assertIssueMany(inputs, {});
  let index = 0;
  for await (const input of inputs) {
    yield await definedInput('issueMany()', definition, input, rules, index);
    index += 1;
  }
}
