import type { ExecutionContext } from '@nestjs/common';
import { faultsOf, functionComplaint, Optional, Rule, switchComplaint } from '../tickets/input/rules.js';
import { TicketInputError } from '../tickets/ticket.errors.js';

/** Options of {@link InvitationRequired}. */
export interface InvitationRequiredOptions {
  /**
   * `['body']`: credentials may also come in a JSON or form body, as its fields `uuid` and `password`: a code that the
   * guest types.
   * @default [] — the query and the `Authorization` header only
   */
  readonly credentials?: readonly 'body'[];
  /**
   * Whether a browser is shown a page with one button before a GET handler runs, so that a mail scanner which opens the
   * link uses nothing up. `true`: also where the handler is not stamped, but uses the ticket up by itself. Needs
   * a pass: with `pass: false` there is no such page.
   * @default the module's `confirm`, for a stamped handler
   */
  readonly confirm?: boolean;
  /**
   * Finds the HTTP request (Node's, Express's or Fastify's) where the handler is none of HTTP's: a GraphQL resolver, a
   * WebSocket gateway. Without, or where it finds none, such a handler admits nobody.
   * @example (context) => GqlExecutionContext.create(context).getContext().req
   */
  readonly getRequest?: (context: ExecutionContext) => unknown;
}

class OptionsRules {
  @Optional()
  @Rule((value) => (isBodyOrNothing(value) ? undefined : "must be ['body'], or left out"))
  credentials: unknown = undefined;

  @Optional()
  @Rule(switchComplaint)
  confirm: unknown = undefined;

  @Optional()
  @Rule(functionComplaint('that returns a request: (context) => …'))
  getRequest: unknown = undefined;
}

const isBodyOrNothing = (value: unknown): boolean =>
  Array.isArray(value) && value.every((source) => source === 'body');

/** @throws TicketInputError with every fault of the options */
export function assertInvitationRequiredOptions(
  options: unknown,
): asserts options is InvitationRequiredOptions {
  const faults = faultsOf(OptionsRules, options, 'the options');
  if (faults.length > 0) throw new TicketInputError('@InvitationRequired()', faults);
}
