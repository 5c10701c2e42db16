import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { globalInterceptors, interceptorsOn } from '../../nest.internals.js';
import type { Claim } from '../../tickets/claims/claim.js';
import type { Ticket } from '../../tickets/ticket.entity.js';

/** An interceptor that uses a ticket up; no other interceptor extends this class. */
export abstract class Stamp {
  /** Whether a handler may still be at work while its answer is sent, as an `async *` method is. */
  get allowsGenerators(): boolean {
    return true;
  }

  /** Takes the ticket for this call of the handler. */
  protected abstract take(ticket: Ticket, context: ExecutionContext): Promise<Claim>;
}

/** Finds the stamps of a handler. */
@Injectable()
export class StampedHandlers {
  constructor(private readonly app: ApplicationConfig) {}

  has(context: ExecutionContext): boolean {
    return this.stampsOn(context.getHandler(), context.getClass()).length > 0;
  }

  /** The classes of all stamps on a handler: its own, its controller's, and the whole app's. */
  stampsOn(handler: object, controller: object): Function[] {
    return [...stampsBoundTo(handler, controller), ...globalInterceptors(this.app).filter(isStamp)];
  }

  /** The classes of the interceptors between a handler and its stamp. */
  insideOf(context: ExecutionContext): Function[] {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    const all = [...globalInterceptors(this.app), ...interceptorsOn(controller), ...interceptorsOn(handler)];
    return all.slice(all.findIndex(isStamp) + 1);
  }
}

/** The stamps of the handler and of its controller only. */
export const stampsBoundTo = (...handlerAndController: object[]): Function[] =>
  handlerAndController.flatMap(interceptorsOn).filter(isStamp);

const isStamp = ({ prototype }: Function): boolean => prototype instanceof Stamp;
