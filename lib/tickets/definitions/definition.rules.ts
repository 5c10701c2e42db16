import { IsIn } from 'class-validator';
import { nameProblem } from '../input/arguments.js';
import { durationProblem } from '../input/duration.js';
import { ON_DUPLICATE } from '../input/on-duplicate.js';
import { describe, isPlainObject, Optional, Rule, Switch, validate } from '../input/rules.js';
import { localPathProblem } from '../link.js';
import { codeKindOf } from '../secrets/secret.js';
import { dataRulesProblems } from './defined-data.js';
import { parametersProblem, pathnameOf, unfilledProblem } from './place.parameters.js';
import { undefinedProblem } from './ticket.definition.js';

/** What is wrong with a place that may have parameters, and what to write; nothing when it is fine. */
export function placeProblem(place: unknown): string | undefined {
  return nameProblem(place) ?? parametersProblem(place as string);
}

function pathProblem(path: unknown): string | undefined {
  return (
    localPathProblem(path) ?? parametersProblem(pathnameOf(path as string)) ?? unfilledProblem(path as string)
  );
}

function passwordProblem(value: unknown): string | undefined {
  if (isPlainObject(value) && codeKindOf(value)) return undefined;
  const wanted = 'must be { digits: n } or { letters: n }, a new code for each ticket';
  return typeof value === 'string'
    ? `${wanted}: one password would open all such tickets. Write a human's password into the input of issue()`
    : `${wanted}, not ${describe(value)}`;
}

/** What is wrong with the sources of credentials, and what to write; nothing when they are fine. */
export const credentialsProblem = (value: unknown): string | undefined =>
  Array.isArray(value) && value.every((source) => source === 'body')
    ? undefined
    : "must be ['body'], or left out";

class DefinitionRules {
  @Rule(placeProblem)
  place: unknown = undefined;

  @Rule(nameProblem)
  purpose: unknown = undefined;

  /** Has its own rules, several problems of which may be there at once. */
  @Optional()
  @Rule(() => undefined)
  data: unknown = undefined;

  @Optional()
  @Rule(pathProblem)
  path: unknown = undefined;

  @Optional()
  @Rule(durationProblem('ever'))
  expiresIn: unknown = undefined;

  @Optional()
  @Rule(passwordProblem)
  password: unknown = undefined;

  @Optional()
  @IsIn(ON_DUPLICATE, { message: `$property must be one of ${ON_DUPLICATE.join(', ')}` })
  onDuplicate: unknown = undefined;

  @Optional()
  @Switch()
  confirm: unknown = undefined;

  @Optional()
  @Rule(credentialsProblem)
  credentials: unknown = undefined;
}

/** What is wrong with the fields of a definition: one sentence for each problem. */
export const definitionProblems = (fields: unknown): string[] => [
  ...validate(fields, 'the definition', DefinitionRules),
  ...dataProblems(fields),
];

/** Spelled out and `undefined`, it would check nothing: most often the class is in a module that was not ready. */
function dataProblems(fields: unknown): string[] {
  if (!isPlainObject(fields) || !('data' in fields)) return [];
  return fields.data === undefined
    ? [`${undefinedProblem('data')}, or leave data out`]
    : dataRulesProblems(fields.data);
}
