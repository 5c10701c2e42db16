import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

/** The error for a stamp that has no ticket to stamp; at boot where it can be seen, else before the handler runs. */
export const stampWithoutInvitation = (controller: string, handler: string): TicketOfficeConfigurationError =>
  new TicketOfficeConfigurationError(
    `${controller}.${handler} has StampInvitation but no invitation: write @InvitationRequired(place, purpose) above it`,
  );
