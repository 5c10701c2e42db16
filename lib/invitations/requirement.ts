import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

/** Which ticket a handler asks for. */
export interface Requirement {
  readonly place: string;
  readonly purpose: string;
  /** Where credentials may be shown besides the query and the `Authorization` header. */
  readonly credentials: readonly 'body'[];
}

/** Carries the {@link Requirement} on a handler or a controller; the handler's goes first. */
export const RequirementMetadata = Reflector.createDecorator<Requirement>();

export const requirementOf = (reflector: Reflector, context: ExecutionContext): Requirement | undefined =>
  reflector.getAllAndOverride(RequirementMetadata, [context.getHandler(), context.getClass()]);
