import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isAsyncGenerator, isEventStream } from '../../nest.internals.js';
import { TicketOfficeConfigurationError } from '../../tickets/ticket.errors.js';
import { requirementOn } from '../requirement.js';
import { type Route, Routes } from '../routes.js';
import { type Stamp, StampedHandlers, stampsBoundTo } from './stamped-handlers.js';

/** Rejects, at boot, a handler whose stamp has no ticket to stamp, can never stamp it, or is not the only one. */
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
    const where = `${controller.name}.${name}`;
    if (!requirementOn(handler, controller)) {
      // A stamp for the whole app may meet handlers without invitation: those throw when they run.
      const [own] = stampsBoundTo(handler, controller);
      if (own) throw stampWithoutInvitation(own, where);
      return;
    }
    const [stamp, ...others] = this.stamped.stampsOn(handler, controller);
    if (!stamp) return;
    if (isEventStream(handler)) throw stampOnEventStream(stamp, where);
    if (isAsyncGenerator(handler) && !(stamp.prototype as Stamp).allowsGenerators)
      throw generatorInTransaction(stamp, where);
    if (others.length > 0) throw severalStamps([stamp, ...others], where);
  }
}

interface Named {
  readonly name: string;
}

/** For a stamp that has no ticket to stamp. Where boot does not see it, it throws before the handler runs. */
const stampWithoutInvitation = (stamp: Named, where: string) =>
  new TicketOfficeConfigurationError(
    `${where} has ${stamp.name} but no invitation: write @InvitationRequired(place, purpose) above it`,
  );

/** For a stamp on a stream, which may have no end, and so no success. */
const stampOnEventStream = (stamp: Named, where: string) =>
  new TicketOfficeConfigurationError(
    `${where} is an @Sse() stream, which ${stamp.name} cannot stamp: it would wait for the end of the stream. Stamp a request before it, or claim the ticket in the handler`,
  );

/** For a generator, whose body would write after the commit: at boot where it can be seen, else when it is returned. */
export const generatorInTransaction = (stamp: Named, where: string) =>
  new TicketOfficeConfigurationError(
    `${where} is an async generator, which runs while its answer is sent, after the commit of ${stamp.name}: return a value, or a stream that does not use the manager; or write StampInvitation`,
  );

/** For a ticket that would be claimed twice for one request, the second time in vain. */
const severalStamps = (stamps: readonly Named[], where: string) =>
  new TicketOfficeConfigurationError(
    `${where} has ${stamps.length} stamps (${stamps.map(({ name }) => name).join(', ')}): write one of them: on the handler, on the controller, or for the whole app`,
  );
