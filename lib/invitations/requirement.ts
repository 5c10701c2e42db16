import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Scope } from '../tickets/scope.js';

/** Which ticket a handler requires, and how. Its `place` may have parts that the route's parameters fill: `report/:id`. */
export interface Requirement extends Scope {
  /** Where credentials may stand besides the query and the `Authorization` header. */
  readonly credentials: readonly 'body'[];
  /** Whether a browser has to confirm; left out: as the module says. */
  readonly confirm?: boolean;
  /** Finds the HTTP request in a context of another kind. */
  readonly getRequest?: (context: ExecutionContext) => unknown;
}

/** Carries the {@link Requirement} on a handler or a controller; the handler's goes first. */
export const RequirementMetadata = Reflector.createDecorator<Requirement>();

const reflector = new Reflector();

export const requirementOn = (handler: Function, controller: Function): Requirement | undefined =>
  reflector.getAllAndOverride(RequirementMetadata, [handler, controller]);

export const requirementOf = (context: ExecutionContext): Requirement | undefined =>
  requirementOn(context.getHandler(), context.getClass());
