import { TicketOfficeConfigurationError } from '../../tickets/ticket.errors.js';

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
