import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

/** @throws TicketOfficeConfigurationError in production: the secret is in everybody's hands, and hashes cost nothing */
export function assertNotInProduction(): void {
  if (process.env['NODE_ENV'] === 'production')
    throw new TicketOfficeConfigurationError(
      'nestjs-ticketoffice/testing does not load where NODE_ENV is production: import it in tests only, and TicketOfficeModule of nestjs-ticketoffice in the app',
    );
}

// At import, before anything else of this subpath.
assertNotInProduction();
