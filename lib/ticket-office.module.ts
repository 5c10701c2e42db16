import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Answers } from './invitations/answers.js';
import { HandlerRefusal } from './invitations/handler-refusal.js';
import { InvitationSettings } from './invitations/invitation.settings.js';
import { Passes } from './invitations/passes.js';
import { PlaceWiringCheck } from './invitations/place-wiring.check.js';
import { Routes } from './invitations/routes.js';
import { StampedHandlers } from './invitations/stamped-handlers.js';
import { StampWiringCheck } from './invitations/stamp-wiring.check.js';
import { ConfigurableModuleClass } from './ticket-office.module-definition.js';
import { TICKET_OFFICE_OPTIONS } from './ticket-office.options.js';
import { ticketOfficeProviders } from './ticket-office.providers.js';
import { Admission } from './tickets/admission.js';
import { Claims } from './tickets/claims.js';
import { GuessLimit } from './tickets/guess.limit.js';
import { HumanCheck } from './tickets/human.check.js';
import { PasswordMaker } from './tickets/password.maker.js';
import { Redemption } from './tickets/redemption.js';
import { TicketCleaner } from './tickets/ticket.cleaner.js';
import { TicketEvents } from './tickets/ticket.events.js';
import { TicketIssuer } from './tickets/ticket.issuer.js';
import { TicketRegister } from './tickets/ticket.register.js';
import { TicketReissuer } from './tickets/ticket.reissuer.js';
import { TicketService } from './tickets/ticket.service.js';
import { TicketStore } from './tickets/ticket.store.js';
import { VerifierRenewal } from './tickets/verifier.renewal.js';

/** What the guard and the interceptors are made of: Nest makes those in the modules of the handlers they guard. */
const door = [
  InvitationSettings,
  Admission,
  Claims,
  TicketEvents,
  Passes,
  Answers,
  HandlerRefusal,
  StampedHandlers,
];

/**
 * The ticket office: import it once, with `forRoot` or `forRootAsync`.
 *
 * @example
 * TicketOfficeModule.forRoot({
 *   isGlobal: true, secret: process.env.TICKET_OFFICE_SECRET, baseUrl: 'http://localhost:3000',
 * })
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    ...ticketOfficeProviders,
    TicketStore,
    TicketEvents,
    PasswordMaker,
    TicketIssuer,
    TicketReissuer,
    TicketRegister,
    TicketCleaner,
    GuessLimit,
    HumanCheck,
    VerifierRenewal,
    Admission,
    Claims,
    Redemption,
    TicketService,
    Passes,
    Answers,
    HandlerRefusal,
    StampedHandlers,
    Routes,
    StampWiringCheck,
    PlaceWiringCheck,
  ],
  exports: [TicketService, TICKET_OFFICE_OPTIONS, ...door],
})
export class TicketOfficeModule extends ConfigurableModuleClass {}
