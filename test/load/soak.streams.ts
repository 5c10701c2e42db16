import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { BadRequestException } from '@nestjs/common';
import type { Run } from './soak.run.js';

/** Where a stream fails: before its first chunk, after it, or nowhere. */
export type Fails = 'at once' | 'later' | 'never';

export const leak = () => new BadRequestException('The roof leaks');

/** The bytes of an answer, in two chunks. */
export async function* chunks(run: Run, fails: Fails): AsyncGenerator<string> {
  const close = run.open('generator');
  try {
    await run.rest();
    if (fails === 'at once') throw leak();
    yield 'Mona';
    await run.rest();
    if (fails === 'later') throw leak();
    yield ' Lisa';
  } finally {
    close();
  }
}

export const readable = (run: Run, fails: Fails): Readable =>
  tracked(run, 'Readable', Readable.from(chunks(run, fails), { objectMode: false }));

/** A file on the disk, and so a descriptor of the process. */
export const file = (run: Run, path: string): Readable => tracked(run, 'file', createReadStream(path));

/** An object with the three methods. */
export function iterable(run: Run, fails: Fails): AsyncIterable<string> {
  const source = chunks(run, fails);
  const close = run.open('iterable');
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

export function webStream(run: Run, fails: Fails): ReadableStream<Uint8Array> {
  const source = chunks(run, fails);
  const close = run.open('ReadableStream');
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

function tracked(run: Run, what: string, stream: Readable): Readable {
  stream.once('close', run.open(what));
  // What reads it gets the error, too; without a listener it would end the process where nothing reads it.
  return stream.on('error', () => undefined);
}
