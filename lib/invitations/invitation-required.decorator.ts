import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { assertPlaceAndPurpose } from '../tickets/text.rule.js';
import { TicketInputError } from '../tickets/ticket.errors.js';
import { DirectAnswerFilter } from './direct-answer.filter.js';
import { InvitationGuard } from './invitation.guard.js';
import { RequirementMetadata } from './requirement.js';

/** Options of {@link InvitationRequired}. */
export interface InvitationRequiredOptions {
  /**
   * `['body']`: credentials may also come in a JSON or form body, as its fields `uuid` and `password`.
   * @default [] — the query and the `Authorization` header only
   */
  readonly credentials?: readonly 'body'[];
}

/**
 * Admits only guests with a ticket for this place and this purpose, on one handler or on all of a controller.
 * Uses nothing up: add `@UseInterceptors(StampInvitation)` for that.
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
 */
export function InvitationRequired(
  place: string,
  purpose: string,
  options: InvitationRequiredOptions = {},
): ClassDecorator & MethodDecorator {
  assertPlaceAndPurpose('@InvitationRequired()', place, purpose);
  const { credentials = [], ...rest } = options;
  if (Object.keys(rest).length > 0 || !credentials.every((source: string) => source === 'body')) {
    throw new TicketInputError('@InvitationRequired()', [
      "options must be { credentials: ['body'] } or nothing",
    ]);
  }
  return applyDecorators(
    RequirementMetadata({ place, purpose, credentials }),
    UseGuards(InvitationGuard),
    UseFilters(DirectAnswerFilter),
  );
}
