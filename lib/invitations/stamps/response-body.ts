import { once } from 'node:events';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { GuestWait } from './guest-wait.js';

/** A streaming answer of which the first chunk was asked for. */
interface Opened {
  /** Resolves with the first chunk, or at an end without one; rejects when the stream fails before. */
  readonly first: Promise<unknown>;
  /** The whole content: the answer itself, or another one where it cannot be sent after a read. */
  readonly toSend: unknown;
}

/**
 * Waits for the first chunk of an answer that is a stream: one that fails before it is a handler that has failed.
 *
 * @returns what to send in its place
 * @throws what the stream fails with before its first chunk
 */
export async function awaitFirstChunk(value: unknown, guestWait: GuestWait): Promise<unknown> {
  const opened = open(value);
  if (!opened) return value;
  let failure: { readonly error: unknown } | undefined;
  await guestWait(opened.first.catch((error: unknown) => (failure = { error })));
  if (failure) throw failure.error;
  return opened.toSend;
}

/** Closes an answer that will not be sent: nothing else would close the file that it reads, or stop what makes it. */
export function close(value: unknown): void {
  if (value instanceof StreamableFile) destroy(value.getStream());
  else if (isNodeStream(value)) destroy(value);
  else if (isWebResponse(value)) close(value.body);
  else if (isWebStream(value)) value.cancel().catch(() => undefined);
  // Not awaited: a generator that is at work ends only after that.
  else if (isAsyncIterable(value)) void returnOf(value).catch(() => undefined);
}

/** Whether an answer is a generator, which runs only while it is read. */
export const isAsyncIterator = (value: unknown): boolean =>
  isAsyncIterable(value) && typeof (value as Partial<AsyncIterator<unknown>>).next === 'function';

/** The status of a web `Response`, from `fetch()` or made by the handler. */
export const responseStatus = (value: unknown): number | undefined =>
  isWebResponse(value) ? value.status : undefined;

function open(value: unknown): Opened | undefined {
  if (wasRead(isWebResponse(value) ? value.body : value)) throw new TypeError(READ_ALREADY);
  if (value instanceof StreamableFile) return { first: readable(value.getStream()), toSend: value };
  if (isNodeStream(value)) return { first: readable(value), toSend: value };
  if (isWebResponse(value)) return openResponse(value);
  if (isWebStream(value)) return openWebStream(value);
  return isAsyncIterable(value) ? openIterable(value) : undefined;
}

function openResponse(response: Response): Opened | undefined {
  const { body, type } = response;
  if (!body) return undefined;
  if (isNodeStream(body)) return { first: readable(body), toSend: response };
  const { first, toSend } = openWebStream(body);
  // Nest leaves out some headers by this type: the body from `fetch()` is decoded, and its connection is another.
  return { first, toSend: Object.defineProperty(new Response(toSend, response), 'type', { value: type }) };
}

/** Not `tee()`: it reads ahead, and when that fails, the first chunk is lost. */
function openWebStream(stream: ReadableStream): Opened & { readonly toSend: ReadableStream } {
  const reader = stream.getReader();
  const first = reader.read();
  const results = [first];
  const toSend = new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await (results.pop() ?? reader.read());
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { first, toSend };
}

function openIterable(iterable: AsyncIterable<unknown>): Opened {
  const iterator = iterable[Symbol.asyncIterator]();
  const first = iterator.next();
  const answers = [first];
  const toSend: AsyncIterableIterator<unknown> = {
    [Symbol.asyncIterator]: () => toSend,
    next: () => answers.pop() ?? iterator.next(),
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
  return { first, toSend };
}

/** Resolves once a chunk can be read, without reading it. */
async function readable(stream: Readable): Promise<void> {
  if (typeof stream.once !== 'function') return;
  // A failure while the ticket is stamped belongs to the code that sends the stream, and would end the process meanwhile.
  stream.on('error', () => undefined);
  if (stream.errored) throw stream.errored;
  if (stream.readableEnded || stream.destroyed || stream.readableLength > 0) return;
  // Something reads it already: to wait for `readable` would stop it.
  const event = stream.readableFlowing ? 'data' : 'readable';
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await Promise.race([event, 'end', 'close'].map((name) => once(stream, name, { signal })));
  } finally {
    settled.abort();
  }
}

/** Nobody can see it of a generator. A stream that has failed counts as unread: reading it throws its own error. */
const wasRead = (value: unknown): boolean =>
  isNodeStream(value)
    ? Readable.isDisturbed(value) && !value.errored
    : isWebStream(value) && (value.locked || Readable.isDisturbed(value as never));

const READ_ALREADY =
  'The handler has returned a stream or a Response whose body was read already, so that it cannot be sent: return a new one';

const destroy = (stream: Readable): void => void stream?.destroy?.();

const returnOf = async (iterable: AsyncIterable<unknown>): Promise<unknown> =>
  iterable[Symbol.asyncIterator]().return?.();

const isNodeStream = (value: unknown): value is Readable =>
  value instanceof Readable || (isAsyncIterable(value) && typeof (value as Readable).pipe === 'function');

/** By its tag, as Nest does: apps may have another implementation than Node's. */
const isWebResponse = (value: unknown): value is Response =>
  Object.prototype.toString.call(value) === '[object Response]';

const isWebStream = (value: unknown): value is ReadableStream =>
  typeof (value as ReadableStream | null)?.getReader === 'function';

/** Like Nest: an iterable with a `then`, such as a query, stands for what it resolves to. */
function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  const { then, [Symbol.asyncIterator]: iterate } = Object(value) as AsyncIterable<unknown> & {
    then?: unknown;
  };
  return typeof iterate === 'function' && typeof then !== 'function';
}
