import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { Req, Res } from '@nestjs/common';
import { isOut, type Reply } from '../../support/reply.js';
import { readable } from './chunks.js';
import type { Scene } from './scene.js';
import { type Shape, type ShapeOfRow, shapes } from './shape.js';

type ByHand = ShapeOfRow<Reply>;

const passthrough = () => Res({ passthrough: true });
const plain = () => Res();

/** Answers unless somebody else has. */
function answer(reply: Reply, status: number): void {
  if (!isOut(reply)) reply.status(status).send('by hand');
}

/** Answers before it returns. */
const atOnce = (status: number) => ({
  status,
  second: plain,
  async handler(scene: Scene, reply: Reply): Promise<void> {
    await scene.work();
    answer(reply, status);
  },
});

/** Answers after it has returned. */
const inCallback = (status: number) => ({
  status,
  second: plain,
  returnsEarly: true,
  inTransaction: 'may be refused' as const,
  handler(scene: Scene, reply: Reply): void {
    void scene.work().then(() => setImmediate(answer, reply, status));
  },
});

const refused =
  (refuse: (reply: Reply) => unknown) =>
  async (scene: Scene, reply: Reply): Promise<string> => {
    await scene.work();
    refuse(reply);
    return 'Not like that';
  };

const statuses: ByHand[] = [
  {
    does: 'sets status(422) with passthrough',
    status: 422,
    second: passthrough,
    handler: refused((reply) => reply.status(422)),
  },
  {
    does: 'sets statusCode = 422 with passthrough',
    status: 422,
    second: passthrough,
    handler: refused((reply) => (reply.statusCode = 422)),
  },
  {
    does: 'sets request.res.status(422)',
    status: 422,
    only: 'Express',
    second: () => Req(),
    handler: refused((request) => (request as unknown as { res: Reply }).res.status(422)),
  },
  {
    does: 'sets reply.code(422) with passthrough',
    status: 422,
    only: 'Fastify',
    second: passthrough,
    handler: refused((reply) => (reply as unknown as { code(status: number): void }).code(422)),
  },
  {
    does: 'refuses by a plain @Res()',
    failsLater: true,
    ...atOnce(404),
  },
  {
    does: 'refuses by a plain @Res() in a callback, after it has returned',
    failsLater: true,
    ...inCallback(404),
  },
  {
    does: 'refuses by a plain @Res() once a file is missing',
    status: 404,
    second: plain,
    failsLater: true,
    returnsEarly: true,
    inTransaction: 'may be refused',
    handler(scene, reply) {
      void scene
        .work()
        .then(() => createReadStream('/nowhere/Mona Lisa').on('error', () => answer(reply, 404)));
    },
  },
];

const successes: ByHand[] = [
  {
    does: 'answers by a plain @Res()',
    ...atOnce(202),
  },
  {
    does: 'answers by a plain @Res() in a callback, after it has returned',
    ...inCallback(202),
  },
  {
    does: 'pipes a stream into a plain @Res()',
    status: 200,
    second: plain,
    isLazy: true,
    streams: true,
    returnsEarly: true,
    inTransaction: 'may be refused',
    handler(scene, reply) {
      const response = (reply.raw ?? reply) as NonNullable<Reply['raw']>;
      const stream = readable(scene);
      // Once the guest has gone, Node.js 24 throws here, and leaves the stream open.
      if (isOut(reply) || response.destroyed) stream.destroy();
      else pipeline(stream, response, () => undefined);
    },
  },
];

export const byHandShapes: Shape[] = [
  ...shapes(
    'sets a status of 400 or more: `reply.status()`, `.code()`, `.statusCode`, `request.res`, with and without `passthrough`, at once or in a callback',
    'works again',
    statuses,
  ),
  ...shapes('sends its answer by a plain `@Res()`, at once, in a callback or piped', 'used', successes),
];
