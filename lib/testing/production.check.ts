import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

// At import, before anything else of this subpath: its secret is in everybody's hands, and its hashes cost nothing.
if (process.env['NODE_ENV'] === 'production')
  throw new TicketOfficeConfigurationError(
    'nestjs-ticketoffice/testing does not load where NODE_ENV is production: import it in tests only, and TicketOfficeModule of nestjs-ticketoffice in the app',
  );
