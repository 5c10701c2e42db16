import { webStream } from './chunks.js';
import type { Scene } from './scene.js';
import { type Shape, shapes } from './shape.js';
import { upstream } from './upstream.js';

const after = (response: (scene: Scene) => unknown) => async (scene: Scene) => {
  await scene.work();
  return response(scene);
};

const all: Shape[] = [
  ...shapes('returns a web `Response` below 400', 'used', [
    { does: 'returns a Response with a text', status: 200, handler: after(() => new Response('Mona Lisa')) },
    { does: 'returns a Response without a body', status: 200, handler: after(() => new Response(null)) },
    {
      does: 'returns a Response 204',
      status: 204,
      handler: after(() => new Response(null, { status: 204 })),
    },
    {
      does: 'returns a Response with a stream',
      status: 200,
      isLazy: true,
      streams: true,
      inTransaction: 'may be refused',
      handler: (scene) => new Response(webStream(scene)),
    },
  ]),
  ...shapes('… whose body fails before its first chunk', 'works again', [
    {
      does: 'returns a Response whose stream fails before its first chunk',
      status: 400,
      isLazy: true,
      failsLater: true,
      inTransaction: 'may be refused',
      handler: (scene) => new Response(webStream(scene, 'at once')),
    },
  ]),
  ...shapes('returns a web `Response` of 400 or more, its own or from `fetch()`', 'works again', [
    {
      does: 'returns a Response 422',
      status: 422,
      handler: after(() => new Response('Not like that', { status: 422 })),
    },
    {
      does: 'returns a Response 503 without a body',
      status: 503,
      handler: after(() => new Response(null, { status: 503 })),
    },
    { does: 'returns the 502 of another server', status: 502, handler: after(() => fetch(upstream.url)) },
  ]),
];

export const responseShapes = all.map((shape): Shape =>
  Object.assign({}, shape, { streamed: 'streams' as const }),
);
