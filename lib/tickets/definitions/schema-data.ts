import { dataProblem } from '../input/data.rule.js';
import { definedCopy } from '../input/deep-copy.js';
import { sentence } from '../input/rules.js';
import { type CheckedData, fieldName, plainMessage, someFaults } from './data.faults.js';
import type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.js';

/** Some libraries make functions of their schemas. */
export const isSchema = (value: unknown): value is StandardSchema =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value;

/** What is wrong with a schema, and what to write; nothing when it is fine. */
export function schemaProblem({ '~standard': standard }: StandardSchema): string | undefined {
  const { version, validate } = Object(standard) as { version?: unknown; validate?: unknown };
  return version === 1 && typeof validate === 'function'
    ? undefined
    : 'must be a schema of version 1 of https://standardschema.dev, with a function validate: update the library that made it';
}

/**
 * What a schema makes of `data`. It gets a copy: what the app changes while the schema works has no effect. Fields that
 * are `undefined` are left out before and after, as they are in JSON.
 *
 * @throws what the schema throws: it has failed, and the data need not be at fault
 */
export async function checkSchemaData(schema: StandardSchema, data: unknown): Promise<CheckedData> {
  if (data !== undefined) return checked(schema, definedCopy(data));
  // The default of a whole schema stands for what is missing; so does `{}` for a schema whose fields may all be missing.
  const none = await checked(schema, undefined);
  if ('data' in none) return none;
  const empty = await checked(schema, {});
  return 'data' in empty || empty.faults.some((fault) => fault.startsWith('data.')) ? empty : none;
}

async function checked(schema: StandardSchema, given: unknown): Promise<CheckedData> {
  const result: SchemaResult<unknown> = await schema['~standard'].validate(given);
  if (result.issues) {
    const faults = result.issues.map(faultOf);
    return { faults: faults.length > 0 ? someFaults(faults) : ['data is not valid, says its schema'] };
  }
  const made = definedCopy(result.value);
  if (made === undefined) return { faults: [NOTHING] };
  const problem = dataProblem(made);
  if (problem === undefined) return { data: made };
  const advice = "what the schema makes is stored: let it make plain JSON, such as a date's toISOString()";
  return { faults: [`${sentence('data', problem)}; ${advice}`] };
}

/** No ticket has it: a database, and JSON, have null. */
const NOTHING =
  'data is undefined, as the schema makes it: send some, or give the schema a default, such as .default({}) or .default(null)';

function faultOf({ message, path = [] }: SchemaIssue): string {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return `${fieldName(keys)}: ${plainMessage(message)}`;
}
