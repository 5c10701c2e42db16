import { describe, isPlainObject, quote } from './rules.js';

/** Most levels of objects and arrays in a ticket's `data`. */
const DEPTH = 16;
/** Most bytes of a ticket's `data` as JSON in UTF-8. */
const BYTES = 16 * 1024;

/**
 * Why a value would change when it is written as JSON and read again; nothing when it would stay the same on every
 * database. Begins with the path of the part that would change, if that is not the whole: `.guests.0 must be …`.
 */
export function dataProblem(data: unknown): string | undefined {
  const problem = new JsonWalk().problem(data, '', DEPTH);
  if (problem !== undefined) return problem;
  const bytes = Buffer.byteLength(JSON.stringify(data), 'utf8');
  return bytes > BYTES ? `must have at most ${BYTES} bytes as JSON; this one has ${bytes}` : undefined;
}

class JsonWalk {
  // Every value takes at least one byte, so the walk may stop early: a value may be shared a million times over.
  private visited = 0;

  problem(value: unknown, path: string, depth: number): string | undefined {
    if (++this.visited > BYTES) return `must have at most ${BYTES} bytes as JSON`;
    const here = path === '' ? '' : `${path} `;
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
    if (typeof value === 'number') {
      return isJsonNumber(value) ? undefined : `${here}must be a finite number other than -0`;
    }
    if (!isPlain(value)) {
      return `${here}must be plain JSON (null, string, number, boolean, array, object), ${notThis(value)}`;
    }
    return depth === 0
      ? `must be nested at most ${DEPTH} deep`
      : this.propertyProblem(value, path, depth - 1);
  }

  private propertyProblem(value: object, path: string, depth: number): string | undefined {
    for (const key of Object.getOwnPropertyNames(value)) {
      if (key === 'length' && Array.isArray(value)) continue;
      const property = Object.getOwnPropertyDescriptor(value, key);
      // A proxy may name what it does not have: JSON has no such property either.
      if (!property) continue;
      const name = `${path}.${/^\w{1,40}$/.test(key) ? key : quote(key)}`;
      if (key === '__proto__' || key === 'toJSON')
        return `${name} has a name that JSON and JavaScript read differently`;
      if (!('value' in property) || !property.enumerable)
        return `${name} must be a plain, enumerable property`;
      const problem = this.problem(property.value, name, depth);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}

const isJsonNumber = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);

const isPlain = (value: unknown): value is object =>
  (Array.isArray(value) ? isDense(value) : isPlainObject(value)) &&
  Object.getOwnPropertySymbols(value).length === 0;

const isDense = (list: unknown[]): boolean =>
  Object.keys(list).length === list.length && Object.keys(list).every((key, index) => key === String(index));

const notThis = (value: unknown): string =>
  value === undefined
    ? 'not undefined: leave the property out'
    : `not ${instanceName(value) ?? describe(value)}`;

const instanceName = (value: unknown): string | undefined =>
  typeof value === 'object' ? (value?.constructor?.name ?? undefined) : undefined;
