import { type ExecutionContext, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type HandlerParameters, identityOf, isPerRequest, parametersOf } from '../../nest.internals.js';
import { AnswerTicketErrors } from '../answers/ticket-errors.interceptor.js';
import { invitationFactory } from '../invitation.decorator.js';
import { managerFactory } from '../invitation-manager.decorator.js';
import { StampedHandlers } from './stamped-handlers.js';

/**
 * What a handler can do to the response:
 *
 * - `sends`: the handler sends it, and Nest does not
 * - `sets`: it, or an interceptor between it and its stamp, can set the status; Nest sends what it returns
 * - `none`: it cannot get hold of the response
 * - `unknown`: any of these; its parameters are not to be found, because a decorator has replaced it
 */
export type Access = 'sends' | 'sets' | 'none' | 'unknown';

/** The parameters that the library fills: a ticket and a manager lead to no response. */
const OWN: ReadonlySet<Function> = new Set([invitationFactory, managerFactory]);

/** Tells what handlers can do to the response. */
@Injectable()
export class ResponseAccess {
  private readonly known = new WeakMap<object, Map<Function, Access>>();
  private perRequest: Set<unknown> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly stamped: StampedHandlers,
  ) {}

  of(context: ExecutionContext): Access {
    const [handler, controller] = [identityOf(context.getHandler()), context.getClass()];
    const known = this.known.get(handler)?.get(controller);
    if (known) return known;
    const access = this.find(context);
    this.known.set(handler, new Map(this.known.get(handler)).set(controller, access));
    return access;
  }

  private find(context: ExecutionContext): Access {
    const parameters = parametersOf(context);
    if (!parameters) return 'unknown';
    if (parameters.answersItself) return 'sends';
    return this.isReached(context, parameters) ? 'sets' : 'none';
  }

  protected isReached(context: ExecutionContext, { request, factories }: HandlerParameters): boolean {
    if (request || factories.some((factory) => !OWN.has(factory))) return true;
    const inside = this.stamped.insideOf(context).filter((type) => type !== AnswerTicketErrors);
    return inside.length > 0 || this.isPerRequest(context.getClass());
  }

  /** The request may be injected into a controller that is made per request, or into what that injects. */
  private isPerRequest(controller: unknown): boolean {
    this.perRequest ??= new Set(
      this.discovery
        .getControllers()
        .filter(isPerRequest)
        .map(({ metatype }) => metatype),
    );
    return this.perRequest.has(controller);
  }
}
