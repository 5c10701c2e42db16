import { type ExecutionContext, type InjectionToken, Scope, type Type } from '@nestjs/common';
import {
  INTERCEPTORS_METADATA,
  MODULE_PATH,
  PATH_METADATA,
  RESPONSE_PASSTHROUGH_METADATA,
  ROUTE_ARGS_METADATA,
  SSE_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { ApplicationConfig } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';

// All that the library uses of Nest beyond its documented API. `nest.internals.spec.ts` fails by name when a version of
// Nest moves one of these.

/** The classes of the interceptors bound to a handler or a controller itself, outermost first. */
export const interceptorsOn = (target: object): Function[] => boundTo(target).map(classOf);

/** Binds an interceptor to a handler or a controller, outside of those that are bound to it already. */
export function bindOutermost(target: object, interceptor: Type): void {
  Reflect.defineMetadata(INTERCEPTORS_METADATA, [interceptor, ...boundTo(target)], target);
}

/** The classes of the interceptors bound to the whole app, except those that a request-scoped factory will make. */
export const globalInterceptors = (app: ApplicationConfig): Function[] => [
  ...app.getGlobalInterceptors().map(classOf),
  ...app
    .getGlobalRequestInterceptors()
    .flatMap(({ metatype, inject, isAlias }) => (isAlias ? (inject ?? []) : [metatype]))
    .filter((type): type is Type => typeof type === 'function'),
];

/** Whether HTTP requests can reach a handler. */
export const isRoute = (handler: object): boolean => Reflect.hasMetadata(PATH_METADATA, handler);

/** The paths of a handler or a controller, as its decorator has them. */
export const pathsOn = (target: object): string[] =>
  [Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined].flat().map(String);

/** The paths that `RouterModule` has given to a module, in each app of the process. */
export const modulePaths = (module: object | undefined | null): string[] =>
  module
    ? Reflect.getMetadataKeys(module)
        .filter((key) => String(key).startsWith(MODULE_PATH))
        .map((key) => String(Reflect.getMetadata(key, module)))
    : [];

/** Whether a handler is an `@Sse()` stream. */
export const isEventStream = (handler: object): boolean => Reflect.hasMetadata(SSE_METADATA, handler);

/** Whether Nest leaves the answer to the handler: it has `@Res()` or `@Next()`, without `passthrough`. */
export function answersItself(context: ExecutionContext): boolean {
  const controller = context.getClass();
  const name = nameOf(context.getHandler(), controller.prototype as object);
  if (name === undefined || Reflect.getMetadata(RESPONSE_PASSTHROUGH_METADATA, controller, name))
    return false;
  const parameters: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
  return Object.keys(parameters).some((key) =>
    [RouteParamtypes.RESPONSE, RouteParamtypes.NEXT].some((type) => key.startsWith(`${type}:`)),
  );
}

/**
 * The names of the providers by which one depends on the request, from itself to the one that Nest makes for each
 * request, or for each tenant; `undefined` where Nest makes it once.
 */
export function wayToRequest(provider: InstanceWrapper): string[] | undefined {
  if (provider.isDependencyTreeStatic()) return undefined;
  const ways = [[provider]];
  const met = new Set(ways[0]);
  // Grows while it is read: the shortest way is found first.
  for (const way of ways) {
    const last = way.at(-1)!;
    if (last.scope === Scope.REQUEST) return way.map(({ token }) => nameOfToken(token));
    const further = dependenciesOf(last).filter((dependency) => !met.has(dependency));
    for (const dependency of further) ways.push([...way, dependency]);
    for (const dependency of further) met.add(dependency);
  }
  return [nameOfToken(provider.token)];
}

/** Of its constructor or factory, and of its properties. */
const dependenciesOf = (provider: InstanceWrapper): InstanceWrapper[] => [
  ...(provider.getCtorMetadata() ?? []),
  ...(provider.getPropertiesMetadata() ?? []).map(({ wrapper }) => wrapper),
];

const nameOfToken = (token: InjectionToken): string =>
  typeof token === 'symbol' ? token.description! : typeof token === 'string' ? token : token.name;

/** A handler's name on its controller. The function may have another: a decorator may have replaced it. */
function nameOf(handler: unknown, prototype: object | null): string | undefined {
  if (prototype === null) return undefined;
  const properties = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  const [name] = properties.find(([, { value }]) => value === handler) ?? [];
  return name ?? nameOf(handler, Object.getPrototypeOf(prototype) as object | null);
}

const boundTo = (target: object): object[] =>
  (Reflect.getMetadata(INTERCEPTORS_METADATA, target) ?? []) as object[];

/** Interceptors are bound as classes, or as instances of them. */
const classOf = (interceptor: object): Function =>
  typeof interceptor === 'function' ? interceptor : interceptor.constructor;
