import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

/** The error for a stamp that has no ticket to stamp; at boot where it can be seen, else before the handler runs. */
export const stampWithoutInvitation = (controller: string, handler: string): TicketOfficeConfigurationError =>
  new TicketOfficeConfigurationError(
    `${controller}.${handler} has StampInvitation but no invitation: write @InvitationRequired(place, purpose) above it`,
  );

/** The error for a stamp on a stream that has no end, and so no success. */
export const stampOnEventStream = (controller: string, handler: string): TicketOfficeConfigurationError =>
  new TicketOfficeConfigurationError(
    `${controller}.${handler} is an @Sse() stream, which StampInvitation cannot stamp: it would wait for the end of the stream. Stamp a request before it, or claim the ticket in the handler`,
  );
