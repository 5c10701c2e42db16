import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { RequirementMetadata } from './requirement.js';
import { type Route, Routes } from './routes.js';
import { stampedTwice, stampOnEventStream, stampWithoutInvitation } from './stamp-wiring.errors.js';
import { stampsOn } from './stamping.interceptor.js';

/** Finds, at boot, every handler that would stamp a ticket that nobody asks for, or could never stamp it. */
@Injectable()
export class StampWiringCheck implements OnModuleInit {
  constructor(
    private readonly routes: Routes,
    private readonly reflector: Reflector,
  ) {}

  /** @throws TicketOfficeConfigurationError that names controller and handler */
  onModuleInit(): void {
    for (const route of this.routes.all()) this.check(route);
  }

  private check({ controller, name, handler }: Route): void {
    const [stamp, ...others] = new Set(stampsOn(handler, controller));
    if (!stamp) return;
    const isRequired =
      this.reflector.getAllAndOverride(RequirementMetadata, [handler, controller]) !== undefined;
    if (!isRequired) throw stampWithoutInvitation(stamp, controller, name);
    if (Reflect.hasMetadata(SSE_METADATA, handler)) throw stampOnEventStream(stamp, controller, name);
    if (others.length > 0) throw stampedTwice([stamp, ...others], controller, name);
  }
}
