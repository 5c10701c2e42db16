import { Injectable, type Type } from '@nestjs/common';
import { MODULE_PATH, PATH_METADATA } from '@nestjs/common/constants.js';
import { ApplicationConfig, DiscoveryService, MetadataScanner } from '@nestjs/core';

/** A handler that HTTP requests can reach. */
export interface Route {
  readonly controller: Type;
  readonly name: string;
  readonly handler: () => unknown;
  /** All that its address is made of, patterns and prefixes, without their order. */
  readonly paths: readonly string[];
}

/** All handlers of the app's controllers, for what is checked at boot. */
@Injectable()
export class Routes {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly app: ApplicationConfig,
  ) {}

  *all(): Generator<Route> {
    for (const { metatype, host } of this.discovery.getControllers()) {
      if (typeof metatype !== 'function') continue;
      const controller = metatype as Type;
      const prefixes = [this.app.getGlobalPrefix(), ...modulePaths(host?.metatype), ...pathsOf(controller)];
      const prototype = controller.prototype as Record<string, () => unknown>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name]!;
        if (!Reflect.hasMetadata(PATH_METADATA, handler)) continue;
        yield { controller, name, handler, paths: [...prefixes, ...pathsOf(handler)] };
      }
    }
  }
}

const pathsOf = (target: object): string[] =>
  [Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined].flat().map(String);

/** Where `RouterModule` has put a module: of each app in the process, under a key of its own. */
const modulePaths = (module: object | undefined | null): string[] =>
  module
    ? Reflect.getMetadataKeys(module)
        .filter((key) => String(key).startsWith(MODULE_PATH))
        .map((key) => String(Reflect.getMetadata(key, module)))
    : [];
