import { IndexTicketOfficeTicket1795737600000 } from './ticket-indexes.migration.js';
import { CreateTicketOfficeTicket1795478400000 } from './ticket-table.migration.js';

/** The library's migrations, in order: append them to the `migrations` of your data source. */
export const ticketOfficeMigrations = [
  CreateTicketOfficeTicket1795478400000,
  IndexTicketOfficeTicket1795737600000,
];
