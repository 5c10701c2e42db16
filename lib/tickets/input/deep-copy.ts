import { isDate } from 'node:util/types';
import { isPlainObject } from './rules.js';

/** More levels than `data` may have: what lies deeper is refused, and stays as it is. */
const DEEPEST = 20;

/**
 * Copies lists, plain objects and dates to their last level: what the app changes later has no effect. Properties stay
 * what they are, accessors for example; instances of other classes are not copied. It reads proxies, too, which
 * `structuredClone` refuses.
 */
export const deepCopy = (value: unknown): unknown => new DeepCopy(() => true).of(value);

/** The same without the fields of plain objects that are `undefined`: JSON has none either. */
export const definedCopy = (value: unknown): unknown => new DeepCopy(isDefined).of(value);

const isDefined = (property: PropertyDescriptor): boolean =>
  !('value' in property) || property.value !== undefined;

class DeepCopy {
  private readonly copies = new Map<object, object>();

  constructor(private readonly isKept: (property: PropertyDescriptor) => boolean) {}

  of(value: unknown, depth = DEEPEST): unknown {
    if (isDate(value) && value.constructor.name === 'Date') return new Date(value.getTime());
    if (depth === 0 || !(Array.isArray(value) || isPlainObject(value))) return value;
    return this.copies.get(value) ?? this.filled(Array.isArray(value) ? [] : {}, value, depth - 1);
  }

  private filled(copy: object, original: object, depth: number): object {
    this.copies.set(original, copy);
    for (const key of Reflect.ownKeys(original)) {
      const property = Reflect.getOwnPropertyDescriptor(original, key);
      // A proxy may name what it does not have.
      if (!property || !(Array.isArray(original) || this.isKept(property))) continue;
      if ('value' in property) property.value = this.of(property.value, depth);
      Object.defineProperty(copy, key, property);
    }
    return copy;
  }
}
