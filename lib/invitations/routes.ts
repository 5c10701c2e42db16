import { Injectable, type Type } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { addressesOf, isRoute } from '../nest-routes.internals.js';

/** A handler that HTTP requests can reach. */
export interface Route {
  readonly controller: Type;
  readonly name: string;
  readonly handler: () => unknown;
  /** The module of its controller. */
  readonly module: object | undefined | null;
}

/** All handlers of the app's controllers: for the checks at boot, and for API descriptions. */
@Injectable()
export class Routes {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly app: ApplicationConfig,
    private readonly modules: ModulesContainer,
  ) {}

  *all(): Generator<Route> {
    for (const { metatype, host } of this.discovery.getControllers()) {
      if (typeof metatype !== 'function') continue;
      const controller = metatype as Type;
      const module = host?.metatype;
      const prototype = controller.prototype as Record<string, () => unknown>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name]!;
        if (isRoute(handler)) yield { controller, name, handler, module };
      }
    }
  }

  /** The addresses of a route in Nest's own spelling, one for each of its paths and versions. */
  addresses({ controller, handler, module }: Route, prefix = this.app.getGlobalPrefix()): string[] {
    return addressesOf(this.app, this.modules, { controller, handler, module }, prefix);
  }

  /** What the addresses of the app's routes may begin with: an API description may leave the global prefix out. */
  get prefixes(): string[] {
    return [...new Set([this.app.getGlobalPrefix(), ''])];
  }
}
