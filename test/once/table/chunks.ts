import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { BadRequestException } from '@nestjs/common';
import type { Scene } from './scene.js';

/** Where a stream fails: before its first chunk, after it, or nowhere. */
export type Fails = 'at once' | 'later' | 'never';

const leak = () => new BadRequestException('The roof leaks');

/** The bytes of an answer, in two chunks, with the handler's work before the first. */
export async function* chunks(scene: Scene, fails: Fails = 'never'): AsyncGenerator<string> {
  const close = scene.open('generator');
  try {
    await scene.work();
    if (fails === 'at once') throw leak();
    yield 'Mona';
    await scene.rest();
    if (fails === 'later') throw leak();
    yield ' Lisa';
  } finally {
    close();
  }
}

/** Nothing runs in a generator that nobody has begun to read, so there is nothing to close then. */
export const readable = (scene: Scene, fails?: Fails): Readable =>
  tracked(scene, 'Readable', Readable.from(unstarted(scene, fails), { objectMode: false }));

/** The same as an object with the three methods. */
export function iterable(scene: Scene, fails?: Fails): AsyncIterable<string> {
  const source = unstarted(scene, fails);
  const close = scene.open('iterable');
  const iterator: AsyncIterator<string> = {
    async next() {
      const result = await source.next().catch((error: unknown) => {
        close();
        throw error;
      });
      if (result.done) close();
      return result;
    },
    async return() {
      close();
      return source.return(undefined);
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** The same as a web stream. */
export function webStream(scene: Scene, fails?: Fails): ReadableStream<Uint8Array> {
  const source = unstarted(scene, fails);
  const close = scene.open('ReadableStream');
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await source.next();
          if (!done) return controller.enqueue(new TextEncoder().encode(value));
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        close();
      },
      async cancel() {
        close();
        await source.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A file on the disk, and so a descriptor of the process. */
export const file = (scene: Scene, path: string | URL): Readable =>
  tracked(scene, 'file', createReadStream(path));

function tracked(scene: Scene, what: string, stream: Readable): Readable {
  stream.once('close', scene.open(what));
  // Whatever reads it gets the error, too; without a listener it would end the process where nothing reads it.
  return stream.on('error', () => undefined);
}

/** Its `finally` counts as soon as it has begun; before that, nothing of it is open. */
async function* unstarted(scene: Scene, fails?: Fails): AsyncGenerator<string> {
  yield* chunks(scene, fails);
}
