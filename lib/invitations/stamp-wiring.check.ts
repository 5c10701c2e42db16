import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { INTERCEPTORS_METADATA, PATH_METADATA, SSE_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { RequirementMetadata } from './requirement.js';
import { StampInvitation } from './stamp-invitation.interceptor.js';
import { stampOnEventStream, stampWithoutInvitation } from './stamp-wiring.errors.js';

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
      const places = [handler, controller];
      if (!places.some(stamps)) continue;
      const isRequired = this.reflector.getAllAndOverride(RequirementMetadata, places) !== undefined;
      if (!isRequired) throw stampWithoutInvitation(controller.name, name);
      if (Reflect.hasMetadata(SSE_METADATA, handler)) throw stampOnEventStream(controller.name, name);
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
