import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Scope } from '../tickets/scope.js';

/** Which ticket a handler requires, and how. The route's parameters fill segments of `place` such as in `report/:id`. */
export interface Requirement extends Scope {
  /** Where credentials are read besides the query and the `Authorization` header. */
  readonly credentials: readonly 'body'[];
  /**
   * Whether a browser has to confirm.
   * @default the module's `confirm`
   */
  readonly confirm?: boolean;
  /** Finds the HTTP request in a context of another kind. */
  readonly getRequest?: (context: ExecutionContext) => unknown;
}

/** Keeps the {@link Requirement} of a handler or a controller; the handler's takes precedence. */
export const RequirementMetadata = Reflector.createDecorator<Requirement>();

const reflector = new Reflector();

export const requirementOn = (handler: Function, controller: Function): Requirement | undefined =>
  reflector.getAllAndOverride(RequirementMetadata, [handler, controller]);

export const requirementOf = (context: ExecutionContext): Requirement | undefined =>
  requirementOn(context.getHandler(), context.getClass());
