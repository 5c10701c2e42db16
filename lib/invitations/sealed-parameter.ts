import { createParamDecorator, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

/**
 * What a parameter decorator hands to Nest in place of the value: Nest runs all pipes of the app on it, which may copy
 * or change any object. There is nothing on this one to read or to change, and a copy of it is empty.
 */
export class Sealed<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself; `undefined` of anything but the object that was sealed. */
  static open(sealed: unknown): unknown {
    return typeof sealed === 'object' && sealed !== null && #value in sealed ? sealed.#value : undefined;
  }
}

/** The last pipe of a parameter: hands the value itself to the handler. */
class Unsealing implements PipeTransform {
  constructor(private readonly where: string) {}

  /** @throws TicketOfficeConfigurationError when a pipe before it has put something else in its place */
  transform(sealed: unknown): unknown {
    const value = Sealed.open(sealed);
    if (value !== undefined) return value;
    throw new TicketOfficeConfigurationError(
      `${this.where}: a pipe of the app has put something else in its place. Let the pipe return what it gets where ` +
        "metadata.type is 'custom', as a ValidationPipe does without validateCustomDecorators and expectedType",
    );
  }
}

/** Where TypeScript, and what compiles like it, writes the classes of a method's parameters. */
const PARAMETER_TYPES = 'design:paramtypes';

/**
 * Makes a parameter decorator whose value reaches the handler whatever pipes the app has: itself, or the handler does
 * not run.
 *
 * @param name for messages, such as `@Invitation()`
 */
export function sealedParameter(
  name: string,
  factory: (data: unknown, context: ExecutionContext) => Sealed<unknown>,
): () => ParameterDecorator {
  const decorator = createParamDecorator(factory);
  return () => (target, key, index) => {
    const { name: controller } = typeof target === 'function' ? target : target.constructor;
    decorator(new Unsealing(`${name} in ${controller}.${String(key)}`))(target, key, index);
    if (key !== undefined) hideType(target, key, index);
  };
}

/** So that pipes that go by the class of a parameter leave it alone: no pipe makes anything of an `Object`. */
function hideType(target: object, key: string | symbol, index: number): void {
  const types = Reflect.getOwnMetadata(PARAMETER_TYPES, target, key) as unknown[] | undefined;
  if (types) Reflect.defineMetadata(PARAMETER_TYPES, types.with(index, Object), target, key);
}
