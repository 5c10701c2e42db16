import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Headers,
  Injectable,
  type NestInterceptor,
  RequestTimeoutException,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { Invitation, InvitationManager, InvitationRequired, type Ticket } from 'nestjs-ticketoffice';
import { from, mergeMap, raceWith, throwError } from 'rxjs';
import type { EntityManager } from 'typeorm';
import type { Reply } from '../support/reply.js';
import { SoakLedger } from './soak.ledger.js';
import { after, type Run, type Shape } from './soak.run.js';
import { shapes } from './soak.shapes.js';

/** What stands between a guest and a handler: one of the library's, or a naive one. */
export interface SoakStamp {
  readonly interceptor: Type<NestInterceptor>;
  readonly isTransaction?: boolean;
}

/** By this header the app knows which visit a request is. */
export const VISIT = 'x-visit';

/** An interceptor outside the stamp, which gives up when the visit says so. */
@Injectable()
class Impatient implements NestInterceptor {
  constructor(private readonly ledger: SoakLedger) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    const giveUpAfter = this.ledger.visits.get(headers[VISIT] ?? '')?.giveUpAfter;
    if (giveUpAfter === undefined) return next.handle();
    const tooLate = from(after(giveUpAfter)).pipe(
      mergeMap(() => throwError(() => new RequestTimeoutException())),
    );
    return next.handle().pipe(raceWith(tooLate));
  }
}

export const shapesOf = ({ isTransaction }: SoakStamp): Shape[] =>
  shapes.filter(({ isGenerator }) => !isTransaction || !isGenerator);

export const pathOf = (stamp: SoakStamp, shape: Shape): string =>
  `/${stamp.interceptor.name}/${shapes.indexOf(shape)}`;

type Handler = (visit: string, ticket: Ticket, second?: unknown, third?: unknown) => unknown;

/** A controller for each shape, whose one handler does what that says. */
export function controllersOf(stamp: SoakStamp, ledger: SoakLedger): Type[] {
  return shapesOf(stamp).map((shape) => {
    @Controller()
    class ShapeController {}

    const { prototype } = ShapeController;
    const descriptor = { value: handlerOf(shape, stamp, ledger), writable: true, configurable: true };
    Object.defineProperty(prototype, 'handle', descriptor);
    const parameters = [
      Headers(VISIT),
      Invitation(),
      ...(stamp.isTransaction ? [InvitationManager()] : []),
      ...(shape.response ? [shape.response()] : []),
    ];
    parameters.forEach((decorate, index) => decorate(prototype, 'handle', index));
    const decorators: MethodDecorator[] = [
      ...(shape.decorators ?? []),
      UseInterceptors(Impatient, stamp.interceptor),
      InvitationRequired('louvre', 'visit'),
      Get(pathOf(stamp, shape)),
    ];
    for (const decorate of decorators) decorate(prototype, 'handle', descriptor);
    return ShapeController;
  });
}

function handlerOf(shape: Shape, { isTransaction }: SoakStamp, ledger: SoakLedger): Handler {
  const begin = (visit: string, ticket: Ticket, second: unknown) =>
    ledger.begin(visit, ticket, isTransaction ? (second as EntityManager) : undefined);
  const replyOf = (second: unknown, third: unknown) => (isTransaction ? third : second) as Reply;
  if (!shape.isGenerator)
    return (visit, ticket, second, third) =>
      perform(shape, begin(visit, ticket, second), replyOf(second, third));
  return async function* generate(visit, ticket, second, third) {
    const run = begin(visit, ticket, second);
    yield* shape.handler(run, replyOf(second, third)) as AsyncGenerator;
  };
}

function perform(shape: Shape, run: Run, reply: Reply): unknown {
  if (shape.endsItself) return shape.handler(run, reply);
  let result: unknown;
  try {
    result = shape.handler(run, reply);
  } catch (error) {
    run.end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => run.end());
  run.end();
  return result;
}
