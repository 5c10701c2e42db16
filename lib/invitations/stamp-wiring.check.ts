import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { PATH_METADATA, SSE_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { RequirementMetadata } from './requirement.js';
import { stampedTwice, stampOnEventStream, stampWithoutInvitation } from './stamp-wiring.errors.js';
import { stampsOn } from './stamping.interceptor.js';

/** Finds, at boot, every handler that would stamp a ticket that nobody asks for, or could never stamp it. */
@Injectable()
export class StampWiringCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws TicketOfficeConfigurationError that names controller and handler */
  onModuleInit(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      if (typeof metatype === 'function') this.check(metatype as Type);
    }
  }

  private check(controller: Type): void {
    const prototype = controller.prototype as Record<string, () => unknown>;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      if (!Reflect.hasMetadata(PATH_METADATA, handler)) continue;
      const [stamp, ...others] = new Set(stampsOn(handler, controller));
      if (!stamp) continue;
      const isRequired =
        this.reflector.getAllAndOverride(RequirementMetadata, [handler, controller]) !== undefined;
      if (!isRequired) throw stampWithoutInvitation(stamp, controller, name);
      if (Reflect.hasMetadata(SSE_METADATA, handler)) throw stampOnEventStream(stamp, controller, name);
      if (others.length > 0) throw stampedTwice([stamp, ...others], controller, name);
    }
  }
}
