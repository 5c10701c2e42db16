/**
 * One-shot tickets for NestJS on TypeORM.
 * @module nestjs-ticketoffice
 */
export { TicketOfficeModule } from './ticket-office.module.js';
export { TICKET_OFFICE_OPTIONS } from './ticket-office.options.js';
export { TicketService } from './tickets/ticket.service.js';
export { defineTicket } from './tickets/definitions/define-ticket.js';
export { Ticket } from './tickets/ticket.entity.js';
export { ticketOfficeMigrations } from './tickets/store/ticket.migrations.js';
export { InvitationRequired } from './invitations/invitation-required.decorator.js';
export { InvitationRequirement } from './invitations/requirement.js';
export { InvitationGuard } from './invitations/invitation.guard.js';
export { Invitation } from './invitations/invitation.decorator.js';
export { InvitationManager } from './invitations/invitation-manager.decorator.js';
export { TicketErrorsFilter } from './invitations/answers/ticket-errors.filter.js';
export { StampInvitation } from './invitations/stamps/stamp-invitation.interceptor.js';
export { StampInTransaction } from './invitations/stamps/stamp-in-transaction.interceptor.js';
export {
  CredentialsError,
  DuplicateTicketError,
  NoTicketError,
  TicketBusyError,
  TicketError,
  TicketExpiredError,
  TicketInputError,
  TicketLockedError,
  TicketNotFoundError,
  TicketOfficeBusyError,
  TicketOfficeConfigurationError,
  TicketRevokedError,
  TicketUsedError,
} from './tickets/ticket.errors.js';

export type { TicketOfficeOptions } from './ticket-office.options.js';
export type {
  ConfirmPageContext,
  FormField,
  PageContext,
  Pages,
} from './invitations/answers/page-context.js';
export type { GuestRequest } from './invitations/guest-request.js';
export type { Visit } from './invitations/invitation.guard.js';
export type { PassOptions, PassStoreKind, RoutePassOptions } from './invitations/invitation.settings.js';
export type { InvitationRequiredOptions, Requirement } from './invitations/requirement.js';
export type { Scope } from './tickets/scope.js';
export type { Argon2Cost, Argon2Settings } from './tickets/secrets/argon2.settings.js';
export type { Claim } from './tickets/claims/claim.js';
export type { CleaningOptions } from './tickets/cleaning/cleaning.settings.js';
export type { CleanedCounts, CleanInput } from './tickets/input/clean.input.js';
export type { CodeInput } from './tickets/secrets/secret.js';
export type { CountInput } from './tickets/input/count.input.js';
export type { Credentials, CredentialsLike } from './tickets/credentials.js';
export type {
  DataOf,
  DefinedCleanInput,
  DefinedCountInput,
  DefinedFilter,
  DefinedIssueInput,
  DefinedListInput,
  TicketOf,
} from './tickets/definitions/defined.types.js';
export type { OwnFields, TicketWith } from './tickets/own-columns.types.js';
export type { ParameterValue } from './tickets/definitions/place.parameters.js';
export type { SchemaIssue, SchemaResult, StandardSchema } from './tickets/definitions/standard-schema.js';
export type {
  DataRules,
  DefinitionFields,
  PathOptions,
  PlaceOptions,
  TicketDefinition,
} from './tickets/definitions/ticket.definition.js';
export type { Duration } from './tickets/input/duration.js';
export type { TicketFilter } from './tickets/input/filter.input.js';
export type { IssueInput } from './tickets/input/issue.input.js';
export type { OnDuplicate } from './tickets/input/on-duplicate.js';
export type { IssueManyOptions } from './tickets/input/issue-many.input.js';
export type { ListInput, ListOrder } from './tickets/input/list.input.js';
export type { RedemptionWork } from './tickets/claims/redemption.js';
export type { ReissueInput } from './tickets/input/reissue.input.js';
export type { GuestErrorCode, TicketErrorCode } from './tickets/ticket.errors.js';
export type { RefusalReason, TicketEvent, TicketEventType } from './tickets/events/ticket.event.js';
export type { TicketInspection } from './tickets/ticket.inspection.js';
export type { IssuedTicket } from './tickets/issuing/ticket.drafts.js';
export type { TicketStatus } from './tickets/ticket.entity.js';
export type { ListedStatus } from './tickets/store/ticket.conditions.js';
