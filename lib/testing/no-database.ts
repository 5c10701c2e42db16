import type { Provider } from '@nestjs/common';
import { TicketDatabase } from '../tickets/store/ticket.database.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';

/** Says of every call that there is no database, and what to write. */
class NoDatabase extends TicketDatabase {
  constructor() {
    super(undefined as never, undefined as never);
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

/** In place of the provider of TicketOfficeModule. */
export const noDatabase: Provider = { provide: TicketDatabase, useFactory: () => new NoDatabase() };
