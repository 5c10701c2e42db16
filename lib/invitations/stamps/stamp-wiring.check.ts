import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
import { requirementOn } from '../requirement.js';
import { type Route, Routes } from '../routes.js';
import { stampedTwice, stampOnEventStream, stampWithoutInvitation } from './stamp-wiring.errors.js';
import { stampsOn } from './stamping.interceptor.js';

/** Finds, at boot, every handler that would stamp a ticket that nobody asks for, or could never stamp it. */
@Injectable()
export class StampWiringCheck implements OnModuleInit {
  constructor(private readonly routes: Routes) {}

  /** @throws TicketOfficeConfigurationError that names controller and handler */
  onModuleInit(): void {
    for (const route of this.routes.all()) this.check(route);
  }

  private check({ controller, name, handler }: Route): void {
    const [stamp, ...others] = new Set(stampsOn(handler, controller));
    if (!stamp) return;
    if (!requirementOn(handler, controller)) throw stampWithoutInvitation(stamp, controller, name);
    if (Reflect.hasMetadata(SSE_METADATA, handler)) throw stampOnEventStream(stamp, controller, name);
    if (others.length > 0) throw stampedTwice([stamp, ...others], controller, name);
  }
}
