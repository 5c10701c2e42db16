import {
  type CallHandler,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  type NestInterceptor,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { from, mergeMap, raceWith, throwError } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { invitationOf, transactionOf } from '../../../lib/invitations/invitation.context.js';
import { isAsyncGenerator } from '../../../lib/nest.internals.js';
import { Ledger } from '../../support/app.js';
import { writeVisit } from '../../support/visits.js';
import { type Scene, sceneOf } from './scene.js';
import type { Shape } from './shape.js';

const sceneIn = (context: ExecutionContext): Scene | undefined => sceneOf(invitationOf(context)?.uuid);

/** The scene that the handler plays in. */
const Stage = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const scene = sceneIn(context)!;
  scene.manager = transactionOf(context);
  return scene;
});

/** What the handler of a second visit writes with. */
const Visitor = createParamDecorator((_: unknown, context: ExecutionContext) => ({
  uuid: invitationOf(context)!.uuid,
  manager: transactionOf(context),
}));

/** An interceptor outside the stamp, which gives up when the test says so. */
class Impatient implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    const scene = sceneIn(context);
    if (!scene) return next.handle();
    const tooLate = from(scene.giveUp.opened).pipe(mergeMap(() => throwError(() => scene.tooLate())));
    return next.handle().pipe(raceWith(tooLate));
  }
}

const required = InvitationRequired('louvre', 'visit') as MethodDecorator;

/** A new function for each controller, since decorators leave their marks on it; `async *` as the original. */
function copyOf({ handler }: Shape): Shape['handler'] {
  if (!isAsyncGenerator(handler)) return (scene, second) => handler(scene, second);
  return async function* copy(scene, second) {
    yield* handler(scene, second) as AsyncGenerator;
  };
}

/** A controller whose one handler is that of a shape. */
export function controllerOf(shape: Shape, path: string, stamp: Type<NestInterceptor>): Type {
  @Controller()
  class ShapeController {}

  const { prototype } = ShapeController;
  const descriptor = { value: copyOf(shape), writable: true, configurable: true };
  Object.defineProperty(prototype, 'handle', descriptor);
  Stage()(prototype, 'handle', 0);
  shape.second?.()(prototype, 'handle', 1);
  const decorators: MethodDecorator[] = [
    ...(shape.decorators ?? []),
    UseInterceptors(Impatient, stamp, ...(shape.inside ?? [])),
    required,
    Get(path),
  ];
  for (const decorate of decorators) decorate(prototype, 'handle', descriptor);
  return ShapeController;
}

/** What Express goes on with after `next('route')`. */
export function followerOf({ follower }: Shape, path: string): Type[] {
  if (!follower) return [];

  @Controller()
  class FollowerController {
    @Get(path)
    follow() {
      return follower!();
    }
  }
  return [FollowerController];
}

/** `GET /again`: a second visit with the ticket. */
export function againController(stamp: Type<NestInterceptor>): Type {
  @Controller()
  class AgainController {
    constructor(private readonly ledger: Ledger) {}

    @Get('again')
    @required
    @UseInterceptors(stamp)
    async again(@Visitor() { uuid, manager }: { uuid: string; manager?: EntityManager }) {
      this.ledger.note(uuid);
      if (manager) await writeVisit(manager, uuid);
      return 'Again';
    }
  }
  return AgainController;
}
