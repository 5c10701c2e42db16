import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { TicketDefinition } from '../tickets/definitions/ticket.definition.js';
import type { RoutePassOptions } from './invitation.settings.js';
import type { Scope } from '../tickets/scope.js';

/** How a handler with `@InvitationRequired()` reads its requests, and asks to confirm. */
export interface InvitationRequiredOptions {
  /**
   * `['body']`: a JSON or form body may contain the credentials, too, as fields `uuid` and `password` (see the option `parameters`), for a code that
   * the guest types.
   * @default [] — the query and the `Authorization` header only
   */
  readonly credentials?: readonly 'body'[];
  /**
   * Whether a browser gets a page with one button before a GET handler runs, so that a mail scanner that opens the link
   * does not use the ticket up. `true`: also for a handler without a stamp, which uses the ticket up itself. Needs a
   * pass: with `pass: false` there is no such page.
   * @default the module's `confirm`, for a stamped handler
   */
  readonly confirm?: boolean;
  /**
   * How long a pass admits to this route, in ms, or text such as `'1h'`: as long as the route says that granted it, and
   * here no longer than this. Without effect with `pass: false`.
   * @default the module's `pass.maxAge`
   * @example { maxAge: '1h' }
   */
  readonly pass?: RoutePassOptions;
  /**
   * Finds the HTTP request (Node's, Express's or Fastify's) of a handler outside HTTP: a GraphQL resolver, a WebSocket
   * gateway. Without it, or where it finds none, such a handler admits nobody.
   * @example (context) => GqlExecutionContext.create(context).getContext().req
   */
  readonly getRequest?: (context: ExecutionContext) => unknown;
}

/** Which ticket a handler requires, and how. The route's parameters fill segments of `place` such as in `report/:id`. */
export interface Requirement extends Scope, InvitationRequiredOptions {
  readonly credentials: readonly 'body'[];
  /** The definition that the handler was given, if any. */
  readonly definition?: TicketDefinition;
}

/**
 * The metadata by which `@InvitationRequired` marks a handler or a controller, for a guard of the whole app to let it by:
 * the handler's takes precedence. Only marks: written as a decorator, it guards nothing, and is an error at boot.
 *
 * @example
 * ```ts
 * const requirement = this.reflector.getAllAndOverride(InvitationRequirement, [context.getHandler(), context.getClass()]);
 * return requirement ? true : super.canActivate(context);
 * ```
 */
export const InvitationRequirement = Reflector.createDecorator<Requirement>();

const reflector = new Reflector();

/** The requirement of a handler; without a controller, only its own. */
export const requirementOn = (...handlerAndController: Function[]): Requirement | undefined =>
  reflector.getAllAndOverride(InvitationRequirement, handlerAndController);

export const requirementOf = (context: ExecutionContext): Requirement | undefined =>
  requirementOn(context.getHandler(), context.getClass());
