import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { assertNotHandMade, assertNotUndefined } from '../tickets/definitions/defined-scope.js';
import { credentialsProblem } from '../tickets/definitions/definition.rules.js';
import { parametersProblem } from '../tickets/definitions/place.parameters.js';
import { isDefinition, type TicketDefinition } from '../tickets/definitions/ticket.definition.js';
import { assertScope } from '../tickets/input/arguments.js';
import { functionProblem, Optional, Rule, Switch, validate } from '../tickets/input/rules.js';
import type { Scope } from '../tickets/scope.js';
import { TicketInputError, TicketOfficeConfigurationError } from '../tickets/ticket.errors.js';
import { DirectAnswerFilter } from './answers/direct-answer.filter.js';
import { answerTicketErrors } from './answers/ticket-errors.interceptor.js';
import { noteGuarded } from './guarded-methods.js';
import { InvitationGuard } from './invitation.guard.js';
import { routePassProblem } from './invitation.settings.js';
import { type InvitationRequiredOptions, InvitationRequirement, type Requirement } from './requirement.js';

const CALL = '@InvitationRequired()';

class OptionsRules {
  @Optional()
  @Rule(credentialsProblem)
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
  options?: InvitationRequiredOptions,
): ClassDecorator & MethodDecorator;
/**
 * The same for the place and the purpose of a definition, and with its `confirm` and `credentials`, unless the options
 * have others.
 *
 * @example
 * ```ts
 * @Get('louvre')
 * @InvitationRequired(LouvreVisit)
 * @UseInterceptors(StampInvitation)
 * visit(@Invitation() ticket: TicketOf<typeof LouvreVisit>) {
 *   return `Welcome to the Louvre museum ${ticket.data.firstName}`;
 * }
 * ```
 */
export function InvitationRequired(
  definition: TicketDefinition,
  options?: InvitationRequiredOptions,
): ClassDecorator & MethodDecorator;
export function InvitationRequired(
  first: string | TicketDefinition,
  second?: string | InvitationRequiredOptions,
  third?: InvitationRequiredOptions,
): ClassDecorator & MethodDecorator {
  return applyDecorators(
    assertFirst,
    InvitationRequirement(
      isDefinition(first) ? requirementBy(first, second) : requirementFor(first, second, third),
    ),
    UseGuards(InvitationGuard),
    answerTicketErrors,
    UseFilters(DirectAnswerFilter),
    noteGuarded,
  );
}

function requirementBy(definition: TicketDefinition, given: unknown): Requirement {
  const { place, purpose } = definition;
  const {
    credentials = definition.credentials ?? [],
    confirm = definition.confirm,
    pass,
    getRequest,
  } = readOptions(given);
  return { place, purpose, credentials, confirm, pass, getRequest, definition };
}

function requirementFor(place: unknown, purpose: unknown, given: unknown): Requirement {
  assertNotHandMade(CALL, place);
  assertNotUndefined(CALL, place, purpose);
  const scope = { place, purpose } as Scope;
  assertScope(CALL, scope);
  const problem = parametersProblem(scope.place);
  if (problem !== undefined) throw new TicketInputError(CALL, [`place ${problem}`]);
  const { credentials = [], confirm, pass, getRequest } = readOptions(given);
  return { ...scope, credentials, confirm, pass, getRequest };
}

function readOptions(options: unknown = {}): InvitationRequiredOptions {
  const problems = validate(options, 'the options', OptionsRules);
  if (problems.length > 0) throw new TicketInputError(CALL, problems);
  return options as InvitationRequiredOptions;
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
