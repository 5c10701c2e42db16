import type { ExecutionContext } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';

/** The name of the method that a call runs; `undefined` where it is not to be found. */
export function methodOf(context: ExecutionContext): string | undefined {
  const handler = context.getHandler();
  const prototype = context.getClass().prototype as Record<string, unknown>;
  const names = new MetadataScanner().getAllMethodNames(prototype);
  const own = names.find((name) => prototype[name] === handler);
  if (own !== undefined) return own;
  // A tracing agent calls the handler in a function of its own, with all its metadata and perhaps its name.
  const alike = names.filter((name) => hasMetadataOf(prototype[name] as object, handler));
  const [only] = alike.length === 1 ? alike : [];
  return only ?? [alike, names].flat().find((name) => name === handler.name);
}

/** Whether one function stands for another: it has the same metadata. */
function hasMetadataOf(method: object, wrapper: object): boolean {
  const keys = Reflect.getMetadataKeys(method) as unknown[];
  return (
    keys.length > 0 &&
    keys.every((key) => isSameMetadata(Reflect.getMetadata(key, method), Reflect.getMetadata(key, wrapper)))
  );
}

/** Whether a value of a handler's metadata is the other, or a copy of it: some agents copy lists and objects, too. */
export function isSameMetadata(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isListOrRecord(one) || !isListOrRecord(other)) return false;
  const [entries, others] = [Object.entries(one), Object.entries(other)];
  return (
    entries.length === others.length &&
    entries.every(([key, value]) => value === (other as Record<string, unknown>)[key])
  );
}

const isListOrRecord = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value) as never);

/** The controller and the method of a call, for messages. */
export const calledBy = (context: ExecutionContext): string =>
  `${context.getClass().name}.${methodOf(context) ?? (context.getHandler().name || 'its handler')}`;
