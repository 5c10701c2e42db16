/** The methods that `@InvitationRequired` was written on, by the prototype that declares them. */
const methods = new WeakMap<object, Map<string | symbol, Function>>();

/** Notes a method as it is when it gets its guard, with what has been bound to it by then. */
export function noteGuarded(target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void {
  if (name === undefined || typeof descriptor?.value !== 'function') return;
  methods.set(target, new Map(methods.get(target)).set(name, descriptor.value as Function));
}

/** A method that `@InvitationRequired` was written on. */
export interface GuardedMethod {
  readonly name: string;
  /** The function that got the guard. */
  readonly noted: Function;
  /** What stands in its place by now; `undefined` for an accessor, or when it was deleted. */
  readonly current: Function | undefined;
}

/**
 * The guarded methods of a class, inherited ones included. Not those that a subclass overrides: it decides for itself, as
 * with all decorators of Nest, whether they are guarded.
 */
export function guardedMethodsOf(prototype: object): GuardedMethod[] {
  const chain = [...chainOf(prototype)];
  return chain.flatMap((declaring) =>
    [...(methods.get(declaring) ?? [])].flatMap(([name, noted]) => {
      const holder = chain.find((candidate) => Object.hasOwn(candidate, name)) ?? declaring;
      if (holder !== declaring && !standsFor(holder, declaring, name)) return [];
      const value: unknown = Object.getOwnPropertyDescriptor(holder, name)?.value;
      return [{ name: String(name), noted, current: typeof value === 'function' ? value : undefined }];
    }),
  );
}

function* chainOf(prototype: object | null): Generator<object> {
  for (let at = prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null)
    yield at;
}

/** Whether a method of an heir was put in its base's place by a decorator of the class, and not written to override it. */
function standsFor(heir: object, base: object, name: string | symbol): boolean {
  // It has a guard of its own.
  if (methods.get(heir)?.has(name)) return false;
  return isReplacement(heir.constructor, base.constructor) || isCopied(heir, base, name);
}

/** Whether a class was put in another's place by a decorator: nobody has named it, nor decorated it. */
function isReplacement(heir: Function, base: Function): boolean {
  const isNamed = heir.name !== '' && heir.name !== base.name;
  return !isNamed && Reflect.getOwnMetadataKeys(heir).length === 0;
}

/**
 * Whether what decorates a method was copied to it: compilers note the type of a method that is decorated where it is
 * written. Those that note none tell nothing here.
 */
function isCopied(heir: object, base: object, name: string | symbol): boolean {
  const isNoted = (prototype: object) => Reflect.hasOwnMetadata('design:type', prototype, name);
  if (!isNoted(base) || isNoted(heir)) return false;
  const value: unknown = Object.getOwnPropertyDescriptor(heir, name)?.value;
  return typeof value === 'function' && Reflect.getOwnMetadataKeys(value).length > 0;
}
