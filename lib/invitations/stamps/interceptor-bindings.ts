import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';

/** The classes of all interceptors of a kind that are bound to a handler: by itself, or by its controller. */
export const bindingsOf = (kind: Function, handler: object, controller: object): Function[] =>
  [handler, controller].flatMap((target) => {
    const interceptors = (Reflect.getMetadata(INTERCEPTORS_METADATA, target) ?? []) as object[];
    return interceptors
      .map((interceptor) => (typeof interceptor === 'function' ? interceptor : interceptor.constructor))
      .filter(({ prototype }) => prototype instanceof (kind as new () => unknown));
  });
