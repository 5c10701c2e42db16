import type { Provider } from '@nestjs/common';
import { TICKET_DATA_SOURCE, TICKET_ENTITY } from '../ticket-office.module-definition.js';
import { TicketDatabase } from '../tickets/store/ticket.database.js';
import { Ticket } from '../tickets/ticket.entity.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

/** Says of every call that there is no database, and what to write. */
class NoDatabase extends TicketDatabase {
  constructor() {
    super(undefined as never, Ticket);
  }

  override async onModuleInit(): Promise<void> {}

  override assertManager(): void {}

  override assertTransaction(): void {}

  override async open(): Promise<never> {
    throw new TicketOfficeConfigurationError(
      'This test has no database: TicketOfficeTestingModule.withoutDatabase(). Override what asks for it, by ' +
        '.overrideGuard(InvitationGuard).useValue(admit(ticket)), .overrideInterceptor(StampInvitation).useValue(recordStamps()) ' +
        'or .overrideProvider(TicketService); or write TicketOfficeTestingModule.forRoot()',
    );
  }
}

/** In place of what TicketOfficeModule has by its imports, and of its provider of the database. */
export const noDatabase: Provider[] = [
  { provide: TICKET_DATA_SOURCE, useValue: undefined },
  { provide: TICKET_ENTITY, useValue: Ticket },
  { provide: TicketDatabase, useFactory: () => new NoDatabase() },
];
