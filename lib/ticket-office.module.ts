import { Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { Answers } from './invitations/answers.js';
import { PassCookie } from './invitations/pass.cookie.js';
import { StampWiringCheck } from './invitations/stamp-wiring.check.js';
import { ConfigurableModuleClass, TICKET_DATA_SOURCE } from './ticket-office.module-definition.js';
import { TICKET_OFFICE_OPTIONS, type TicketOfficeOptions } from './ticket-office.options.js';
import { TicketOfficeSettings } from './ticket-office.settings.js';
import { Admission } from './tickets/admission.js';
import { Keyring } from './tickets/keyring.js';
import { TicketIssuer } from './tickets/ticket.issuer.js';
import { TicketService } from './tickets/ticket.service.js';
import { TicketStore } from './tickets/ticket.store.js';
import { Verifiers } from './tickets/verifier.js';

const settings: Provider = {
  provide: TicketOfficeSettings,
  inject: [TICKET_OFFICE_OPTIONS],
  useFactory: (options: TicketOfficeOptions) => new TicketOfficeSettings(options),
};

const keyring: Provider = {
  provide: Keyring,
  inject: [TicketOfficeSettings],
  useFactory: ({ secrets }: TicketOfficeSettings) => new Keyring(secrets),
};

const verifiers: Provider = {
  provide: Verifiers,
  inject: [Keyring, TicketOfficeSettings],
  useFactory: (keys: Keyring, { argon2 }: TicketOfficeSettings) => new Verifiers(keys, argon2),
};

const store: Provider = {
  provide: TicketStore,
  inject: [TICKET_DATA_SOURCE],
  useFactory: (dataSource: DataSource) => {
    const tickets = new TicketStore(dataSource);
    tickets.assertReady();
    return tickets;
  },
};

/** What the guard and the interceptor, which live in the modules of the handlers they guard, are made of. */
const door = [TicketOfficeSettings, Admission, PassCookie, Answers];

/**
 * The ticket office.
 *
 * @example
 * TicketOfficeModule.forRoot({
 *   isGlobal: true, secret: process.env.TICKET_OFFICE_SECRET, baseUrl: 'http://localhost:3000',
 * })
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    settings,
    keyring,
    verifiers,
    store,
    TicketIssuer,
    Admission,
    TicketService,
    PassCookie,
    Answers,
    StampWiringCheck,
  ],
  exports: [TicketService, TICKET_OFFICE_OPTIONS, ...door],
})
export class TicketOfficeModule extends ConfigurableModuleClass {}
