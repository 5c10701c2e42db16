import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

/** Which ticket a handler asks for, and how. */
export interface Requirement {
  /** May have parts that the route's parameters fill: `report/:id`. */
  readonly place: string;
  readonly purpose: string;
  /** Where credentials may be shown besides the query and the `Authorization` header. */
  readonly credentials: readonly 'body'[];
  /** Whether a browser is asked to confirm; not given: as the module says. */
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
