import { forwardRef, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { registerCopy } from './copies.js';
import { InjectionScopeCheck } from './injection-scope.check.js';
import { invitationFactory } from './invitations/invitation.decorator.js';
import { managerFactory } from './invitations/invitation-manager.decorator.js';
import { CacheWiringCheck } from './invitations/cache-wiring.check.js';
import { FieldResolverCheck } from './invitations/field-resolver.check.js';
import { GuardWiringCheck } from './invitations/guard-wiring.check.js';
import { InvitationGuard } from './invitations/invitation.guard.js';
import { Answers } from './invitations/answers/answers.js';
import { InvitationSettings } from './invitations/invitation.settings.js';
import { Passes } from './invitations/passes/passes.js';
import { PathWiringCheck } from './invitations/path-wiring.check.js';
import { PlaceWiringCheck } from './invitations/place-wiring.check.js';
import { Routes } from './invitations/routes.js';
import { ScopeOverlapCheck } from './invitations/scope-overlap.check.js';
import { HandlerOutcome } from './invitations/stamps/handler-outcome.js';
import { ResponseAccess } from './invitations/stamps/response-access.js';
import { StampInTransaction } from './invitations/stamps/stamp-in-transaction.interceptor.js';
import { StampInvitation } from './invitations/stamps/stamp-invitation.interceptor.js';
import { StampWiringCheck } from './invitations/stamps/stamp-wiring.check.js';
import { StampedHandlers } from './invitations/stamps/stamped-handlers.js';
import { OneCopyCheck } from './one-copy.check.js';
import { ConfigurableModuleClass } from './ticket-office.module-definition.js';
import { TICKET_OFFICE_OPTIONS } from './ticket-office.options.js';
import { ticketOfficeProviders } from './ticket-office.providers.js';
import { Admission } from './tickets/admission/admission.js';
import { GuessLimit } from './tickets/admission/guess.limit.js';
import { PasswordCheck } from './tickets/admission/password.check.js';
import { Refusals } from './tickets/admission/refusals.js';
import { AdviceLog } from './tickets/advice.log.js';
import { CleaningSchedule } from './tickets/cleaning/cleaning.schedule.js';
import { Claims } from './tickets/claims/claims.js';
import { OverdueClaims } from './tickets/claims/overdue-claims.js';
import { Redemption } from './tickets/claims/redemption.js';
import { Duplicates } from './tickets/issuing/duplicates.js';
import { TicketEvents } from './tickets/events/ticket.events.js';
import { PasswordGenerator } from './tickets/secrets/password.generator.js';
import { OwnColumns } from './tickets/own-columns.js';
import { TicketStore } from './tickets/store/ticket.store.js';
import { Ticket } from './tickets/ticket.entity.js';
import { TicketBatchIssuer } from './tickets/issuing/ticket.batch-issuer.js';
import { TicketCleaner } from './tickets/cleaning/ticket.cleaner.js';
import { TicketDrafts } from './tickets/issuing/ticket.drafts.js';
import { TicketOfficeConfigurationError } from './tickets/ticket.errors.js';
import { TicketFinder } from './tickets/ticket.finder.js';
import { TicketIssuer } from './tickets/issuing/ticket.issuer.js';
import { TicketLifecycle } from './tickets/ticket.lifecycle.js';
import { TicketService } from './tickets/ticket.service.js';
import { TicketSettings } from './tickets/ticket.settings.js';

/** For the app, and for guard and interceptors: Nest makes those in the app's modules, so this module exports these. */
const exported = [
  TicketService,
  TICKET_OFFICE_OPTIONS,
  InvitationSettings,
  TicketSettings,
  Admission,
  Refusals,
  Claims,
  Passes,
  Answers,
  HandlerOutcome,
  StampedHandlers,
];

/** Thrown when TicketOfficeModule is imported without forRoot(), whose options replace this provider. */
const noOptions = {
  provide: TICKET_OFFICE_OPTIONS,
  useFactory: () => {
    throw new TicketOfficeConfigurationError(
      'TicketOfficeModule has no options: import TicketOfficeModule.forRoot({ … }) once, with isGlobal: true, or in one module of yours that exports TicketOfficeModule',
    );
  },
};

/**
 * Provides {@link TicketService}, and what the guard and the stamps need: import it once, with `forRoot` or
 * `forRootAsync`.
 *
 * @throws TicketOfficeConfigurationError at boot, when options, entities or decorators are missing or wrong
 * @example
 * TicketOfficeModule.forRoot({
 *   isGlobal: true, secret: process.env.TICKET_OFFICE_SECRET!, baseUrl: 'http://localhost:3000',
 * })
 */
@Module({
  imports: [DiscoveryModule, forwardRef(OneCopyCheck.forLoadedCopies)],
  providers: [
    noOptions,
    ...ticketOfficeProviders,
    TicketStore,
    OwnColumns,
    TicketEvents,
    PasswordGenerator,
    Duplicates,
    TicketDrafts,
    TicketIssuer,
    TicketBatchIssuer,
    TicketLifecycle,
    TicketFinder,
    TicketCleaner,
    CleaningSchedule,
    GuessLimit,
    PasswordCheck,
    AdviceLog,
    Refusals,
    Admission,
    OverdueClaims,
    Claims,
    Redemption,
    TicketService,
    Passes,
    Answers,
    HandlerOutcome,
    ResponseAccess,
    StampedHandlers,
    Routes,
    GuardWiringCheck,
    FieldResolverCheck,
    StampWiringCheck,
    PlaceWiringCheck,
    ScopeOverlapCheck,
    PathWiringCheck,
    CacheWiringCheck,
    InjectionScopeCheck,
  ],
  exports: exported,
})
export class TicketOfficeModule extends ConfigurableModuleClass {}

registerCopy({
  tokens: exported,
  parts: [
    TicketOfficeModule,
    InvitationGuard,
    StampInvitation,
    StampInTransaction,
    invitationFactory,
    managerFactory,
    Ticket,
  ],
});
