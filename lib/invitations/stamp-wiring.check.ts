import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { INTERCEPTORS_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { RequirementMetadata } from './requirement.js';
import { StampInvitation } from './stamp-invitation.interceptor.js';
import { stampWithoutInvitation } from './stamp-wiring.js';

/** Finds, at boot, every handler that would stamp a ticket that nobody asks for. */
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
      const places = [handler, controller];
      if (places.some(stamps) && !this.reflector.getAllAndOverride(RequirementMetadata, places)) {
        throw stampWithoutInvitation(controller.name, name);
      }
    }
  }
}

function stamps(target: object): boolean {
  const interceptors = (Reflect.getMetadata(INTERCEPTORS_METADATA, target) ?? []) as unknown[];
  return interceptors.some(
    (interceptor) =>
      interceptor instanceof StampInvitation ||
      interceptor === StampInvitation ||
      (typeof interceptor === 'function' && interceptor.prototype instanceof StampInvitation),
  );
}
