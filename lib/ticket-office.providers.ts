import type { Provider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { InvitationSettings, passStoreKind } from './invitations/invitation.settings.js';
import { PassCookies } from './invitations/passes/pass.cookies.js';
import { PassSession } from './invitations/passes/pass.session.js';
import { PassStore } from './invitations/passes/pass.store.js';
import { TICKET_DATA_SOURCE, TICKET_ENTITY } from './ticket-office.module-definition.js';
import { settingsOf, TICKET_OFFICE_OPTIONS, type TicketOfficeSettings } from './ticket-office.options.js';
import { PasswordQueue } from './tickets/admission/password.queue.js';
import { Argon2 } from './tickets/secrets/argon2.js';
import { argon2Settings } from './tickets/secrets/argon2.settings.js';
import { Keyring } from './tickets/secrets/keyring.js';
import { Verifiers } from './tickets/secrets/verifier.js';
import { TicketDatabase } from './tickets/store/ticket.database.js';
import type { TicketEntity } from './tickets/store/ticket.mapping.js';
import { TicketSettings } from './tickets/ticket.settings.js';

const SETTINGS = Symbol('TICKET_OFFICE_SETTINGS');

/** The providers that depend on the options or on the data source, so that Nest needs a factory for each. */
export const ticketOfficeProviders: Provider[] = [
  { provide: SETTINGS, inject: [TICKET_OFFICE_OPTIONS], useFactory: settingsOf },
  { provide: TicketSettings, inject: [SETTINGS], useFactory: ({ tickets }: TicketOfficeSettings) => tickets },
  {
    provide: InvitationSettings,
    inject: [SETTINGS],
    useFactory: ({ invitations }: TicketOfficeSettings) => invitations,
  },
  {
    provide: PassStore,
    inject: [InvitationSettings, HttpAdapterHost],
    useFactory: (settings: InvitationSettings, adapterHost: HttpAdapterHost) =>
      passStoreKind(settings) === 'session' ? new PassSession() : new PassCookies(adapterHost),
  },
  {
    provide: Keyring,
    inject: [SETTINGS],
    useFactory: ({ secrets }: TicketOfficeSettings) => new Keyring([secrets.secret!].flat()),
  },
  {
    provide: PasswordQueue,
    inject: [SETTINGS],
    useFactory: ({ secrets }: TicketOfficeSettings) => new PasswordQueue(argon2Settings(secrets.argon2)),
  },
  {
    provide: Verifiers,
    inject: [Keyring, SETTINGS],
    useFactory: (keyring: Keyring, { secrets }: TicketOfficeSettings) =>
      new Verifiers(keyring, new Argon2(argon2Settings(secrets.argon2))),
  },
  {
    provide: TicketDatabase,
    inject: [TICKET_DATA_SOURCE, TICKET_ENTITY],
    useFactory: (dataSource: DataSource, entity: TicketEntity) => new TicketDatabase(dataSource, entity),
  },
];
