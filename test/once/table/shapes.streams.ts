import { StreamableFile } from '@nestjs/common';
import { pathToFileURL } from 'node:url';
import type { Fails } from '../../support/tracked-streams.js';
import { chunks, file, iterable, readable, webStream } from './chunks.js';
import type { Streamed } from '../../support/versions.js';
import type { Scene } from './scene.js';
import { type Shape, shapes } from './shape.js';

const streams =
  'returns a stream: `StreamableFile`, `Readable`, `ReadableStream`, an async iterable; or is an `async *`';

/** The kinds of streams, each with the same chunks. */
const kinds: { does: string; of: (scene: Scene, fails: Fails) => unknown; streamed?: Streamed }[] = [
  { does: 'returns a StreamableFile of a Readable', of: (...all) => new StreamableFile(readable(...all)) },
  { does: 'returns a Readable', of: readable, streamed: 'streams' },
  { does: 'returns a ReadableStream', of: webStream, streamed: 'streams' },
  { does: 'returns an async iterable', of: iterable, streamed: 'iterables' },
  { does: 'returns an async generator', of: chunks, streamed: 'iterables' },
];

function kindsThat(fails: Fails, clause: string): Omit<Shape, 'row' | 'outcome'>[] {
  const common = {
    isLazy: true,
    streams: fails !== 'at once',
    failsLater: fails === 'at once',
    status: fails === 'at once' ? 400 : 200,
  };
  return [
    ...kinds.map(({ does, of, streamed }) =>
      Object.assign({}, common, {
        does: `${does}${clause}`,
        streamed,
        inTransaction: 'may be refused' as const,
        handler: (scene: Scene) => of(scene, fails),
      }),
    ),
    {
      ...common,
      does: `is an async generator${clause}`,
      streamed: 'iterables',
      inTransaction: 'error at boot',
      async *handler(scene) {
        yield* chunks(scene, fails);
      },
    },
  ];
}

const self = pathToFileURL(import.meta.filename);

export const streamShapes: Shape[] = [
  ...shapes(streams, 'used', [
    {
      does: 'returns a StreamableFile of bytes',
      status: 200,
      async handler(scene) {
        await scene.work();
        return new StreamableFile(Buffer.from('Mona Lisa'));
      },
    },
    {
      does: 'returns a StreamableFile of a file',
      status: 200,
      async handler(scene) {
        await scene.work();
        return new StreamableFile(file(scene, self));
      },
    },
    ...kindsThat('never', ''),
  ]),
  ...shapes('… that fails before its first chunk, a missing file for example', 'works again', [
    {
      does: 'returns a StreamableFile of a missing file',
      status: 400,
      statusOnFastify: 500,
      failsLater: true,
      async handler(scene) {
        await scene.work();
        return new StreamableFile(file(scene, '/nowhere/Mona Lisa'));
      },
    },
    ...kindsThat('at once', ' that fails before its first chunk'),
  ]),
  ...shapes(
    '… that fails after its first chunk',
    'used',
    kindsThat('later', ' that fails after its first chunk'),
  ),
];
