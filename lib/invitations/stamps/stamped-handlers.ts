import { type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { ApplicationConfig } from '@nestjs/core';
import type { Claim } from '../../tickets/claims/claim.js';
import type { Ticket } from '../../tickets/ticket.entity.js';

/** Tells which stamps a handler has. */
@Injectable()
export class StampedHandlers {
  constructor(private readonly app: ApplicationConfig) {}

  has(context: ExecutionContext): boolean {
    return this.count(context) > 0;
  }

  count(context: ExecutionContext): number {
    return this.stampsOn(context.getHandler(), context.getClass()).length;
  }

  /** The classes of all stamps on a handler: its own, its controller's, and the whole app's. */
  stampsOn(handler: object, controller: object): Function[] {
    return [...stampsBoundTo(handler, controller), ...this.stampsOnAll()];
  }

  private stampsOnAll(): Function[] {
    return [...this.app.getGlobalInterceptors().map(classOf), ...this.madePerRequest()].filter(isStamp);
  }

  /** What a factory makes for each request is not known before. */
  private madePerRequest(): Function[] {
    return this.app
      .getGlobalRequestInterceptors()
      .flatMap(({ metatype, inject, isAlias }) => (isAlias ? (inject ?? []) : [metatype]))
      .filter((type): type is Type => typeof type === 'function');
  }
}

/** Those of the handler and of its controller only. */
export const stampsBoundTo = (handler: object, controller: object): Function[] =>
  [...boundTo(handler), ...boundTo(controller)].filter(isStamp);

const isStamp = ({ prototype }: Function): boolean => prototype instanceof Stamp;

const boundTo = (target: object): Function[] =>
  ((Reflect.getMetadata(INTERCEPTORS_METADATA, target) ?? []) as object[]).map(classOf);

/** Interceptors are bound as classes, or as objects of theirs. */
const classOf = (interceptor: object): Function =>
  typeof interceptor === 'function' ? interceptor : interceptor.constructor;

/** What uses a ticket up: by this, stamps are told from all other interceptors. */
export abstract class Stamp {
  /** Takes the ticket for this call of the handler. */
  protected abstract take(ticket: Ticket, context: ExecutionContext): Promise<Claim>;
}
