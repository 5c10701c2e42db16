import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
import { requirementOn } from '../requirement.js';
import { type Route, Routes } from '../routes.js';
import { stampedTwice, stampOnEventStream, stampWithoutInvitation } from './stamp-wiring.errors.js';
import { StampedHandlers, stampsBoundTo } from './stamped-handlers.js';

/** Finds, at boot, every handler that would stamp a ticket that nobody asks for, or could never stamp it. */
@Injectable()
export class StampWiringCheck implements OnModuleInit {
  constructor(
    private readonly routes: Routes,
    private readonly stamped: StampedHandlers,
  ) {}

  /** @throws TicketOfficeConfigurationError that names controller and handler */
  onModuleInit(): void {
    for (const route of this.routes.all()) this.check(route);
  }

  private check({ controller, name, handler }: Route): void {
    if (!requirementOn(handler, controller)) {
      // One that is bound to the whole app may meet handlers that are none of its own: those are told when they run.
      const [own] = stampsBoundTo(handler, controller);
      if (own) throw stampWithoutInvitation(own, controller, name);
      return;
    }
    const [stamp, ...others] = new Set(this.stamped.stampsOn(handler, controller));
    if (!stamp) return;
    if (Reflect.hasMetadata(SSE_METADATA, handler)) throw stampOnEventStream(stamp, controller, name);
    if (others.length > 0) throw stampedTwice([stamp, ...others], controller, name);
  }
}
