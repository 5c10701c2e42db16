import { Next } from '@nestjs/common';
import { type Shape, type ShapeOfRow, shapes } from './shape.js';

type Passing = ShapeOfRow<(to?: unknown) => void>;

const refusing: Passing[] = [
  {
    does: 'calls next(error)',
    status: 500,
    only: 'Express',
    second: () => Next(),
    failsLater: true,
    async handler(scene, next) {
      await scene.work();
      next(new Error('The roof leaks'));
    },
  },
  {
    does: "calls next('route'), and nobody else has one",
    status: 404,
    only: 'Express',
    second: () => Next(),
    failsLater: true,
    async handler(scene, next) {
      await scene.work();
      next('route');
    },
  },
];

const following: Passing[] = [
  {
    does: "calls next('route'), and another handler answers",
    status: 200,
    only: 'Express',
    second: () => Next(),
    follower: () => 'Next',
    async handler(scene, next) {
      await scene.work();
      next('route');
    },
  },
];

export const nextShapes: Shape[] = [
  ...shapes(
    "calls `next(error)`, or `next('route')` and what follows answers 400 or more",
    'works again',
    refusing,
  ),
  ...shapes("calls `next('route')` and what follows answers below 400", 'used', following),
];
