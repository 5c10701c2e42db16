import { type ExecutionContext, HttpStatus, type InjectionToken, Scope, type Type } from '@nestjs/common';
import {
  GUARDS_METADATA,
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  REDIRECT_METADATA,
  RESPONSE_PASSTHROUGH_METADATA,
  ROUTE_ARGS_METADATA,
  SSE_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { type ApplicationConfig, MetadataScanner, type ModulesContainer } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import type { Module as NestModule } from '@nestjs/core/injector/module.js';
import { RouterResponseController } from '@nestjs/core/router/router-response-controller.js';
import { methodOf } from './called-method.js';

// All that the library uses of Nest beyond its documented API, except what `nest-routes.internals.ts` reads of routes.
// `nest.internals.spec.ts` fails by name when a version of Nest moves one of these.

/** The classes of the interceptors bound to a handler or a controller itself, outermost first. */
export const interceptorsOn = (target: object): Function[] => boundTo(target).map(classOf);

/** Binds an interceptor to a handler or a controller, outside of those that are bound to it already. */
export function bindOutermost(target: object, interceptor: Type): void {
  Reflect.defineMetadata(INTERCEPTORS_METADATA, [interceptor, ...boundTo(target)], target);
}

/** The classes of the interceptors bound to the whole app, except those that a request-scoped factory will make. */
export const globalInterceptors = (app: ApplicationConfig): Function[] => [
  ...app.getGlobalInterceptors().map(classOf),
  ...classesOf(app.getGlobalRequestInterceptors()),
];

/** The classes of the guards bound to a handler or a controller itself. */
export const guardsOn = (target: object): Function[] =>
  ((Reflect.getMetadata(GUARDS_METADATA, target) ?? []) as object[]).map(classOf);

/** The classes of the guards bound to the whole app, except those that a request-scoped factory will make. */
export const globalGuards = (app: ApplicationConfig): Function[] => [
  ...app.getGlobalGuards().map(classOf),
  ...classesOf(app.getGlobalRequestGuards()),
];

const classesOf = (wrappers: readonly InstanceWrapper[]): Function[] =>
  wrappers
    .flatMap(({ metatype, inject, isAlias }) => (isAlias ? (inject ?? []) : [metatype]))
    .filter((type): type is Type => typeof type === 'function');

/** Whether a handler is an `@Sse()` stream. */
export const isEventStream = (handler: object): boolean => Reflect.hasMetadata(SSE_METADATA, handler);

/** What a handler's parameters are filled with. */
export interface HandlerParameters {
  /** Nest leaves the answer to the handler: it has `@Res()`, without `passthrough`. */
  readonly answersItself: boolean;
  /** The request, the response, or what handles them next: `@Req()`, `@Res()`, `@Next()`. */
  readonly request: boolean;
  /** The functions that parameter decorators of `createParamDecorator()` call. */
  readonly factories: readonly Function[];
}

/** The parameters of the handler of a call; `undefined` for a function that is no method of the controller. */
export function parametersOf(context: ExecutionContext): HandlerParameters | undefined {
  const controller = context.getClass();
  const name = methodOf(context);
  if (name === undefined) return undefined;
  const parameters = parametersOn(controller, name);
  const has = (...types: RouteParamtypes[]): boolean =>
    parameters.some(([key]) => types.some((type) => key.startsWith(`${type}:`)));
  const hasResponse = has(RouteParamtypes.RESPONSE);
  return {
    answersItself: hasResponse && !Reflect.getMetadata(RESPONSE_PASSTHROUGH_METADATA, controller, name),
    request: hasResponse || has(RouteParamtypes.REQUEST, RouteParamtypes.NEXT),
    factories: parameters.flatMap(([, { factory }]) => factory ?? []),
  };
}

/** The functions that parameter decorators of `createParamDecorator()` call for the methods of a class. */
const factoriesOn = (type: unknown): Function[] =>
  typeof type === 'function' && type.prototype
    ? new MetadataScanner()
        .getAllMethodNames(type.prototype as object)
        .flatMap((name) => parametersOn(type, name))
        .flatMap(([, { factory }]) => factory ?? [])
    : [];

const parametersOn = (type: object, method: string): [string, { readonly factory?: Function }][] =>
  Object.entries((Reflect.getMetadata(ROUTE_ARGS_METADATA, type, method) ?? {}) as object);

/** Whether Nest makes a provider or a controller anew for each request, which can be injected into it. */
export const isPerRequest = (provider: InstanceWrapper): boolean => !provider.isDependencyTreeStatic();

/** The status of `@HttpCode()`. */
export const declaredStatus = (handler: object): number | undefined =>
  Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;

/** The status of the redirect that a handler with `@Redirect()` is answered with, which nothing else changes. */
export function redirectStatus(handler: object, returned: unknown): number | undefined {
  const redirect = Reflect.getMetadata(REDIRECT_METADATA, handler) as Redirection | undefined;
  if (typeof redirect?.url !== 'string') return undefined;
  return (Object(returned) as Redirection).statusCode || redirect.statusCode || HttpStatus.FOUND;
}

interface Redirection {
  readonly url?: unknown;
  readonly statusCode?: number;
}

/**
 * Whether Nest sends an iterable chunk by chunk, and a web `Response` as one on Express, too, as it does from 12.4 on;
 * before, it makes JSON of their properties.
 */
export const streamsIterables = 'stream' in RouterResponseController.prototype;

/** Whether a handler is an `async *` method, whose body runs only while its answer is sent. */
export const isAsyncGenerator = (handler: object): boolean =>
  Object.prototype.toString.call(handler) === '[object AsyncGeneratorFunction]';

/**
 * The names of the providers by which one depends on the request, from itself to the one that Nest makes for each
 * request, or for each tenant; `undefined` where Nest makes it once.
 */
export function wayToRequest(provider: InstanceWrapper): string[] | undefined {
  if (!isPerRequest(provider)) return undefined;
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

/** What is injected into its constructor or factory, and into its properties. */
const dependenciesOf = (provider: InstanceWrapper): InstanceWrapper[] => [
  ...(provider.getCtorMetadata() ?? []),
  ...(provider.getPropertiesMetadata() ?? []).map(({ wrapper }) => wrapper),
];

/** What a module of the app has: a module that it imports, or what Nest makes in it. */
export interface Member {
  readonly name: string;
  readonly module: string;
  /** Its class, or its factory. */
  readonly type: unknown;
  /** What is injected into it, as far as Nest has found it yet. */
  readonly injected: readonly InjectionToken[];
  /** The functions that parameter decorators of `createParamDecorator()` call for its methods. */
  readonly factories: readonly Function[];
}

/** All that the modules of an app have, except a module of one of these classes. */
export const membersOf = (modules: ModulesContainer, except: ReadonlySet<unknown> = new Set()): Member[] =>
  [...modules.values()]
    .filter(({ metatype }) => !except.has(metatype))
    .flatMap((module) => importedBy(module).concat(madeIn(module)));

/** The modules of this class: several, where it is imported with other metadata each time. */
export const modulesOf = (modules: ModulesContainer, type: Type): NestModule[] =>
  [...modules.values()].filter(({ metatype }) => metatype === type);

/** The modules that provide this to the whole app. */
export const globalModulesWith = (modules: ModulesContainer, token: InjectionToken): NestModule[] =>
  [...modules.values()].filter(({ isGlobal, providers }) => isGlobal && providers.has(token));

const importedBy = ({ name: module, imports }: NestModule): Member[] =>
  [...imports].map(({ name, metatype: type }) => ({ name, module, type, injected: [], factories: [] }));

const madeIn = ({ name: module, providers, controllers, injectables, middlewares }: NestModule): Member[] =>
  [providers, controllers, injectables, middlewares]
    .flatMap((made) => Array.from<InstanceWrapper>(made.values()))
    .map((wrapper) => ({
      name: wrapper.inject ? nameOfToken(wrapper.token) : wrapper.name,
      module,
      type: wrapper.metatype,
      injected: dependenciesOf(wrapper).map(({ token }) => token),
      factories: factoriesOn(wrapper.metatype),
    }));

const nameOfToken = (token: InjectionToken): string =>
  typeof token === 'symbol' ? token.description! : typeof token === 'string' ? token : token.name;

/**
 * What a handler is known by: the same for the function that a tracing agent calls it in, of which there may be one for
 * each request, as long as the handler has an interceptor of its own.
 */
export const identityOf = (handler: Function): object =>
  (Reflect.getMetadata(INTERCEPTORS_METADATA, handler) as object | undefined) ?? handler;

const boundTo = (target: object): object[] =>
  (Reflect.getMetadata(INTERCEPTORS_METADATA, target) ?? []) as object[];

/** Guards and interceptors are bound as classes, or as instances of them. */
const classOf = (bound: object): Function => (typeof bound === 'function' ? bound : bound.constructor);
