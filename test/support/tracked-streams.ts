import type { Readable } from 'node:stream';

/** Where a stream fails: before its first chunk, after it, or nowhere. */
export type Fails = 'at once' | 'later' | 'never';

/** @param close called when the stream is closed, read to its end or not */
export function trackedReadable(stream: Readable, close: () => void): Readable {
  stream.once('close', close);
  // The code that reads it gets the error, too; where nothing reads it, the error would end the process.
  return stream.on('error', () => undefined);
}

/** The chunks of a generator, as an object with the methods `next` and `return`. */
export function trackedIterable(source: AsyncGenerator<string>, close: () => void): AsyncIterable<string> {
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

/** The chunks of a generator, as a web stream that reads nothing ahead. */
export function trackedWebStream(
  source: AsyncGenerator<string>,
  close: () => void,
): ReadableStream<Uint8Array> {
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
