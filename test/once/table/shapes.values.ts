import {
  BadRequestException,
  type CallHandler,
  type ExecutionContext,
  HttpCode,
  type NestInterceptor,
  Redirect,
  Render,
} from '@nestjs/common';
import { EMPTY, concat, map, of, tap, throwError } from 'rxjs';
import { Forgiven } from './forgiving.filter.js';
import type { Scene } from './scene.js';
import { type Shape, shapes } from './shape.js';

const leak = () => new BadRequestException('The roof leaks');

const fail = (error: () => unknown) => async (scene: Scene) => {
  await scene.work();
  throw error();
};

const after =
  <T>(value: () => T) =>
  async (scene: Scene) => {
    await scene.work();
    return value();
  };

/** Changes what the handler has made. */
class Frame implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler<unknown>) {
    return next.handle().pipe(map((value) => ({ framed: value })));
  }
}

/** Refuses what the handler has made. */
class Critic implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler<unknown>) {
    return next.handle().pipe(
      tap(() => {
        throw leak();
      }),
    );
  }
}

const returned = 'returns a value, nothing, a list, or a promise';
const observed = 'returns an Observable that completes with a value; the last one is sent';

export const valueShapes: Shape[] = [
  ...shapes(returned, 'used', [
    {
      does: 'returns a value',
      status: 200,
      isSynchronous: true,
      handler(scene) {
        scene.runs += 1;
        return 'Welcome';
      },
    },
    { does: 'promises a value', status: 200, handler: after(() => 'Welcome') },
    { does: 'returns nothing', status: 200, handler: after(() => undefined) },
    { does: 'returns null', status: 200, handler: after(() => null) },
    { does: 'returns an array', status: 200, handler: after(() => ['Mona', 'Lisa']) },
    {
      does: 'returns a generator that is not asynchronous',
      status: 200,
      handler: after(function* () {
        yield 'Mona';
      }),
    },
  ]),
  ...shapes(observed, 'used', [
    { does: 'returns an Observable of one value', status: 200, handler: after(() => of('Welcome')) },
    { does: 'returns an Observable of several values', status: 200, handler: after(() => of('one', 'two')) },
  ]),
  ...shapes('returns an Observable that is empty, or fails', 'works again', [
    { does: 'returns an empty Observable', status: 500, handler: after(() => EMPTY) },
    { does: 'returns an Observable that fails', status: 400, handler: after(() => throwError(leak)) },
    {
      does: 'returns an Observable that emits and then fails',
      status: 400,
      handler: after(() => concat(of('one'), throwError(leak))),
    },
  ]),
  ...shapes('throws or rejects, whatever a filter makes of it', 'works again', [
    {
      does: 'throws',
      status: 400,
      isSynchronous: true,
      handler(scene) {
        scene.runs += 1;
        throw leak();
      },
    },
    { does: 'rejects with an HttpException', status: 400, handler: fail(leak) },
    { does: 'rejects with an Error', status: 500, handler: fail(() => new Error('The roof leaks')) },
    { does: 'rejects with undefined', status: 500, handler: fail(() => undefined) },
    { does: 'rejects, and a filter answers 200', status: 200, handler: fail(() => new Forgiven()) },
  ]),
  ...shapes('has `@Redirect()` or `@Render()`', 'used', [
    {
      does: 'has @Redirect()',
      status: 302,
      decorators: [Redirect('/thanks')],
      handler: after(() => undefined),
    },
    {
      does: 'has @Render()',
      isRendered: true,
      status: 200,
      only: 'Express',
      decorators: [Render('scene')],
      handler: after(() => ({ title: 'Mona Lisa' })),
    },
  ]),
  ...shapes('has `@HttpCode()` of 400 or more', 'works again', [
    { does: 'has @HttpCode(422)', status: 422, decorators: [HttpCode(422)], handler: after(() => 'no') },
  ]),
  ...shapes('returns what an interceptor inside the stamp changes', 'used', [
    {
      does: 'is framed by an interceptor inside',
      status: 200,
      inside: [Frame],
      handler: after(() => 'Mona'),
    },
  ]),
  ...shapes('returns what an interceptor inside the stamp refuses, by throwing', 'works again', [
    {
      does: 'is refused by an interceptor inside',
      status: 400,
      inside: [Critic],
      handler: after(() => 'Mona'),
    },
  ]),
];
