/** Whether a value has fields: a list has none. */
export const isObject = (input: unknown): input is object =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

/** With fields of any name that are the object's own, and with those of these names that it inherits: a class may. */
export function copyOf(input: object, names: readonly string[]): Record<string, unknown> {
  const present = new Set([...names.filter((name) => name in input), ...Reflect.ownKeys(input)]);
  const entries = [...present].map((name) => {
    const value: unknown = input[name as keyof typeof input];
    return [name, Array.isArray(value) ? [...(value as unknown[])] : value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}
