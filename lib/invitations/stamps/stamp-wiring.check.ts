import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
import { requirementOn } from '../requirement.js';
import { type Route, Routes } from '../routes.js';
import { StampedHandlers, stampsBoundTo } from './stamped-handlers.js';
import { TicketOfficeConfigurationError } from '../../tickets/ticket.errors.js';

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

interface Named {
  readonly name: string;
}

/** The error for a stamp that has no ticket to stamp; at boot where it can be seen, else before the handler runs. */
export const stampWithoutInvitation = (stamp: Named, controller: Named, handler: string) =>
  new TicketOfficeConfigurationError(
    `${controller.name}.${handler} has ${stamp.name} but no invitation: write @InvitationRequired(place, purpose) above it`,
  );

/** The error for a stamp on a stream that has no end, and so no success. */
export const stampOnEventStream = (stamp: Named, controller: Named, handler: string) =>
  new TicketOfficeConfigurationError(
    `${controller.name}.${handler} is an @Sse() stream, which ${stamp.name} cannot stamp: it would wait for the end of the stream. Stamp a request before it, or claim the ticket in the handler`,
  );

/** The error for a ticket that would be claimed twice for one request, the second time in vain. */
export const stampedTwice = (stamps: readonly Named[], controller: Named, handler: string) =>
  new TicketOfficeConfigurationError(
    `${controller.name}.${handler} has ${stamps.map(({ name }) => name).join(' and ')}: write one of them: on the handler, on the controller, or for the whole app`,
  );
