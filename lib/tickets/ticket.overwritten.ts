import { TicketOfficeConfigurationError } from './ticket.errors.js';

interface Overwritten {
  readonly uuid: string;
}

const advice = (ticket: Overwritten): string =>
  `Write manager.update(${ticket.constructor.name}, ticket.uuid, { … }) with columns of your own alone`;

/** For a ticket object that the app saves: it does not know what has become of its row since it was read. */
export const notSaved = (ticket: Overwritten): TicketOfficeConfigurationError =>
  new TicketOfficeConfigurationError(
    `Ticket ${ticket.uuid} was not saved: save() would write over what has become of it meanwhile. ${advice(ticket)}`,
  );

/** For work that has undone the stamp in its own transaction. */
export const stampOverwritten = (ticket: Overwritten): TicketOfficeConfigurationError =>
  new TicketOfficeConfigurationError(
    `The work of ticket ${ticket.uuid} has written over its stamp, by save() for example, and was rolled back. ${advice(ticket)}`,
  );
