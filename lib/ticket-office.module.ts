import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Answers } from './invitations/answers.js';
import { HandlerRefusal } from './invitations/handler-refusal.js';
import { InvitationSettings } from './invitations/invitation.settings.js';
import { PassCookie } from './invitations/pass.cookie.js';
import { StampWiringCheck } from './invitations/stamp-wiring.check.js';
import { ConfigurableModuleClass } from './ticket-office.module-definition.js';
import { TICKET_OFFICE_OPTIONS } from './ticket-office.options.js';
import { ticketOfficeProviders } from './ticket-office.providers.js';
import { Admission } from './tickets/admission.js';
import { TicketIssuer } from './tickets/ticket.issuer.js';
import { TicketService } from './tickets/ticket.service.js';

/** What the guard and the interceptor are made of: Nest makes those in the modules of the handlers they guard. */
const door = [InvitationSettings, Admission, PassCookie, Answers, HandlerRefusal];

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
    TicketIssuer,
    Admission,
    TicketService,
    PassCookie,
    Answers,
    HandlerRefusal,
    StampWiringCheck,
  ],
  exports: [TicketService, TICKET_OFFICE_OPTIONS, ...door],
})
export class TicketOfficeModule extends ConfigurableModuleClass {}
