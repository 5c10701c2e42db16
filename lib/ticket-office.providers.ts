import type { Provider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { InvitationSettings } from './invitations/invitation.settings.js';
import { PassCookies } from './invitations/passes/pass.cookies.js';
import { PassSession } from './invitations/passes/pass.session.js';
import { PassShelf } from './invitations/passes/pass.shelf.js';
import { TICKET_DATA_SOURCE } from './ticket-office.module-definition.js';
import { TICKET_OFFICE_OPTIONS, type TicketOfficeOptions } from './ticket-office.options.js';
import { settingsOf, type TicketOfficeSettings } from './ticket-office.settings.js';
import { GuestLine } from './tickets/admission/guest.line.js';
import { Argon2 } from './tickets/secrets/argon2.js';
import { Keyring } from './tickets/secrets/keyring.js';
import { Verifiers } from './tickets/secrets/verifier.js';
import { TicketDatabase } from './tickets/table/ticket.database.js';
import { TicketSettings } from './tickets/ticket.settings.js';

const SETTINGS = Symbol('TICKET_OFFICE_SETTINGS');

/** Everything whose making takes more than Nest's own injection: it depends on the options or on the data source. */
export const ticketOfficeProviders: Provider[] = [
  {
    provide: SETTINGS,
    inject: [TICKET_OFFICE_OPTIONS],
    useFactory: (options: TicketOfficeOptions) => settingsOf(options),
  },
  { provide: TicketSettings, inject: [SETTINGS], useFactory: ({ tickets }: TicketOfficeSettings) => tickets },
  {
    provide: InvitationSettings,
    inject: [SETTINGS],
    useFactory: ({ invitations }: TicketOfficeSettings) => invitations,
  },
  {
    provide: PassShelf,
    inject: [InvitationSettings, HttpAdapterHost],
    useFactory: ({ pass }: InvitationSettings, adapterHost: HttpAdapterHost) =>
      pass && pass.store === 'session' ? new PassSession() : new PassCookies(adapterHost),
  },
  {
    provide: Keyring,
    inject: [SETTINGS],
    useFactory: ({ secrets }: TicketOfficeSettings) => new Keyring(secrets),
  },
  {
    provide: GuestLine,
    inject: [SETTINGS],
    useFactory: ({ argon2 }: TicketOfficeSettings) => new GuestLine(argon2),
  },
  {
    provide: Verifiers,
    inject: [Keyring, SETTINGS],
    useFactory: (keyring: Keyring, { argon2 }: TicketOfficeSettings) =>
      new Verifiers(keyring, new Argon2(argon2)),
  },
  {
    provide: TicketDatabase,
    inject: [TICKET_DATA_SOURCE],
    useFactory: (dataSource: DataSource) => new TicketDatabase(dataSource),
  },
];
