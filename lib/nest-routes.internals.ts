import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, MODULE_PATH, PATH_METADATA, VERSION_METADATA } from '@nestjs/common/constants.js';
import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';

// What the library reads of routes beyond Nest's documented API. `nest-routes.internals.spec.ts` fails by name when a
// version of Nest moves one of these.

/** Whether HTTP requests can reach a handler. */
export const isRoute = (handler: object): boolean => Reflect.hasMetadata(PATH_METADATA, handler);

/** Which requests a handler is for. */
export const requestMethodOf = (handler: object): RequestMethod =>
  Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;

/** Whether a handler is for GET, or for all methods. */
export const answersGet = (handler: object): boolean =>
  [RequestMethod.GET, RequestMethod.ALL].includes(requestMethodOf(handler));

/** The addresses that Nest makes of a handler's paths, its controller's and its module's, of versions, and of a prefix. */
export function addressesOf(
  app: ApplicationConfig,
  { applicationId }: ModulesContainer,
  route: { readonly controller: object; readonly handler: object; readonly module?: object | null },
  globalPrefix: string,
): string[] {
  const read = (key: string, target: object | undefined | null) =>
    target ? (Reflect.getMetadata(key, target) as never) : undefined;
  const versioningOptions = app.getVersioning();
  const metadata: Parameters<RoutePathFactory['create']>[0] = {
    globalPrefix,
    versioningOptions,
    modulePath: read(MODULE_PATH + applicationId, route.module) ?? read(MODULE_PATH, route.module),
    ctrlPath: read(PATH_METADATA, route.controller),
    methodPath: read(PATH_METADATA, route.handler),
    controllerVersion: read(VERSION_METADATA, route.controller) ?? versioningOptions?.defaultVersion,
    methodVersion: read(VERSION_METADATA, route.handler),
  };
  return new RoutePathFactory(app).create(metadata, requestMethodOf(route.handler));
}
