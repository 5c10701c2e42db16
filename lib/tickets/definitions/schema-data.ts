import { dataProblem } from '../input/data.rule.js';
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
 * What a schema makes of `data`. It gets a copy, where that is JSON: what the app changes while the schema works has no
 * effect.
 *
 * @throws what the schema throws: it has failed, and the data need not be at fault
 */
export async function checkSchemaData(schema: StandardSchema, data: unknown): Promise<CheckedData> {
  const given = dataProblem(data) === undefined ? structuredClone(data) : data;
  const result: SchemaResult<unknown> = await schema['~standard'].validate(given);
  if (result.issues) {
    const faults = result.issues.map(faultOf);
    return { faults: faults.length > 0 ? someFaults(faults) : ['data is not valid, says its schema'] };
  }
  const problem = dataProblem(result.value);
  if (problem === undefined) return { data: result.value };
  const advice = "what the schema makes is stored: let it make plain JSON, such as a date's toISOString()";
  return { faults: [`data ${problem}; ${advice}`] };
}

function faultOf({ message, path = [] }: SchemaIssue): string {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return `${fieldName(keys)}: ${plainMessage(message)}`;
}
