import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { assertScope } from '../tickets/input/arguments.js';
import { functionProblem, Optional, Rule, Switch, validate } from '../tickets/input/rules.js';
import { TicketInputError, TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { DirectAnswerFilter } from './answers/direct-answer.filter.js';
import { answerTicketErrors } from './answers/ticket-errors.interceptor.js';
import { noteGuarded } from './guarded-methods.js';
import { InvitationGuard } from './invitation.guard.js';
import { routePassProblem } from './invitation.settings.js';
import { assertParameters } from './place.js';
import { type InvitationRequiredOptions, InvitationRequirement } from './requirement.js';

class OptionsRules {
  @Optional()
  @Rule((value) => (isBodyOrNothing(value) ? undefined : "must be ['body'], or left out"))
  credentials: unknown = undefined;

  @Optional()
  @Switch()
  confirm: unknown = undefined;

  @Optional()
  @Rule(routePassProblem)
  pass: unknown = undefined;

  @Optional()
  @Rule(functionProblem('that returns a request: (context) => …'))
  getRequest: unknown = undefined;
}

const isBodyOrNothing = (value: unknown): boolean =>
  Array.isArray(value) && value.every((source) => source === 'body');

/**
 * Admits only guests with a ticket for this place and this purpose, to one handler or to all of a controller. Does not
 * use the ticket up: add `@UseInterceptors(StampInvitation)` for that.
 *
 * Segments of the place that begin with a colon are filled from the route's parameters, through `encodeURIComponent`:
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
 * @throws TicketInputError for a place or purpose that no ticket can have, and for faulty options
 * @throws TicketOfficeConfigurationError when one handler or controller has it twice: only one would count
 */
export function InvitationRequired(
  place: string,
  purpose: string,
  options: InvitationRequiredOptions = {},
): ClassDecorator & MethodDecorator {
  assertScope('@InvitationRequired()', { place, purpose });
  assertParameters(place);
  const problems = validate(options, 'the options', OptionsRules);
  if (problems.length > 0) throw new TicketInputError('@InvitationRequired()', problems);
  const { credentials = [], confirm, pass, getRequest } = options;
  return applyDecorators(
    assertFirst,
    InvitationRequirement({ place, purpose, credentials, confirm, pass, getRequest }),
    UseGuards(InvitationGuard),
    answerTicketErrors,
    UseFilters(DirectAnswerFilter),
    noteGuarded,
  );
}

/** Reads only the handler's or the controller's own metadata: a class may replace what it inherits. */
function assertFirst(target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void {
  const decorated = (descriptor?.value ?? target) as object;
  if (!Reflect.hasOwnMetadata(InvitationRequirement.KEY, decorated)) return;
  const { name: controller } = descriptor ? target.constructor : (target as Function);
  throw new TicketOfficeConfigurationError(
    `${[controller, name].filter(Boolean).map(String).join('.')} has @InvitationRequired() twice: write the one that it needs`,
  );
}
