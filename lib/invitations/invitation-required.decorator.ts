import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { assertPlaceAndPurpose } from '../tickets/text.rule.js';
import { TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { DirectAnswerFilter } from './answers/direct-answer.filter.js';
import { answerTicketErrors } from './answers/ticket-errors.interceptor.js';
import { assertParameters } from './door.js';
import {
  assertInvitationRequiredOptions,
  type InvitationRequiredOptions,
} from './invitation-required.input.js';
import { InvitationGuard } from './invitation.guard.js';
import { RequirementMetadata } from './requirement.js';

/**
 * Admits only guests with a ticket for this place and this purpose, on one handler or on all of a controller.
 * Uses nothing up: add `@UseInterceptors(StampInvitation)` for that.
 *
 * Segments of the place that begin with a colon are filled from the route's parameters, each by `encodeURIComponent`:
 * at `report/:id`, a ticket for the place `report/1` opens report 1 only.
 *
 * @example
 * ```ts
 * @Get('louvre')
 * @InvitationRequired('louvre', 'visit')
 * @UseInterceptors(StampInvitation)
 * visit(@Invitation() ticket: Ticket<{ firstName: string }>) {
 *   return `Welcome to the Louvre museum ${ticket.data.firstName}`;
 * }
 * ```
 * @throws TicketInputError for a place or purpose that no ticket can have
 * @throws TicketOfficeConfigurationError where it is written twice: only one of them would count
 */
export function InvitationRequired(
  place: string,
  purpose: string,
  options: InvitationRequiredOptions = {},
): ClassDecorator & MethodDecorator {
  assertPlaceAndPurpose('@InvitationRequired()', place, purpose);
  assertParameters(place);
  assertInvitationRequiredOptions(options);
  const { credentials = [], confirm, getRequest } = options;
  return applyDecorators(
    assertFirst,
    RequirementMetadata({ place, purpose, credentials, confirm, getRequest }),
    UseGuards(InvitationGuard),
    answerTicketErrors,
    UseFilters(DirectAnswerFilter),
  );
}

/** The handler's or the controller's own: what a class has by inheritance, another may replace. */
function assertFirst(target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void {
  const decorated = (descriptor?.value ?? target) as object;
  if (!Reflect.hasOwnMetadata(RequirementMetadata.KEY, decorated)) return;
  const { name: controller } = descriptor ? target.constructor : (target as Function);
  throw new TicketOfficeConfigurationError(
    `${[controller, name].filter(Boolean).map(String).join('.')} has @InvitationRequired() twice: write the one that it needs`,
  );
}
