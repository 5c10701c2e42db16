import { Injectable, type Type } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { isRoute, modulePaths, pathsOn } from '../nest.internals.js';

/** A handler that HTTP requests can reach. */
export interface Route {
  readonly controller: Type;
  readonly name: string;
  readonly handler: () => unknown;
  /** All paths and prefixes that its address is made of, in no order. */
  readonly paths: readonly string[];
}

/** All handlers of the app's controllers, for the checks at boot. */
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
      const prefixes = [this.app.getGlobalPrefix(), ...modulePaths(host?.metatype), ...pathsOn(controller)];
      const prototype = controller.prototype as Record<string, () => unknown>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name]!;
        if (isRoute(handler)) yield { controller, name, handler, paths: [...prefixes, ...pathsOn(handler)] };
      }
    }
  }
}
