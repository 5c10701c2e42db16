import { AsyncResource } from 'node:async_hooks';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { streamsIterables } from '../../nest.internals.js';
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
  const wrapped = wrappedIn(value);
  if (wrapped) {
    const [name, body] = wrapped;
    return { ...(value as object), [name]: await awaitFirstChunk(body, guestWait) };
  }
  const opened = open(value);
  if (!opened) return value;
  let failure: { readonly error: unknown } | undefined;
  await guestWait(opened.first.catch((error: unknown) => (failure = { error })));
  if (failure) throw failure.error;
  return opened.toSend;
}

/** Closes an answer that will not be sent: nothing else would close the file that it reads, or stop what makes it. */
export function close(value: unknown): void {
  const [, body] = wrappedIn(value) ?? [];
  if (body) close(body);
  else if (value instanceof StreamableFile) destroy(value.getStream());
  else if (isNodeStream(value)) destroy(value);
  else if (isWebResponse(value)) close(value.body);
  else if (isWebStream(value)) value.cancel().catch(() => undefined);
  // Not awaited: a generator that is at work ends only after that.
  else if (isAsyncIterable(value)) void returnOf(value).catch(() => undefined);
}

/** Whether an answer is a generator, which runs only while it is read. */
export const isAsyncIterator = (value: unknown): boolean =>
  isAsyncIterable(value) && typeof (value as Partial<AsyncIterator<unknown>>).next === 'function';

/** The status of a web `Response`, from `fetch()` or made by the handler; `Response.error()` has 0, and is sent as 500. */
export function responseStatus(value: unknown): number | undefined {
  const [, body = value] = wrappedIn(value) ?? [];
  return isWebResponse(body) ? body.status || 500 : undefined;
}

/** Nest, where it streams iterables, sends the stream that an interceptor has wrapped in a plain object, such as `{ data }`. */
function wrappedIn(value: unknown): [name: string, body: unknown] | undefined {
  const isPlain = typeof value === 'object' && value && Object.getPrototypeOf(value) === Object.prototype;
  if (!streamsIterables || !isPlain) return undefined;
  return Object.entries(value).find(([, body]) => isWebResponse(body) || isAsyncIterable(body));
}

function open(value: unknown): Opened | undefined {
  if (wasRead(sourceOf(value))) throw new TypeError(READ_ALREADY);
  if (value instanceof StreamableFile) return { first: readable(value.getStream()), toSend: value };
  if (isNodeStream(value)) return { first: readable(value), toSend: value };
  if (isWebResponse(value)) return openResponse(value);
  if (isWebStream(value)) return openWebStream(value);
  return streamsIterables && isAsyncIterable(value) ? openIterable(value) : undefined;
}

function openResponse(response: Response): Opened | undefined {
  const { body, headers } = response;
  if (!body) return undefined;
  if (isNodeStream(body)) return { first: readable(body), toSend: response };
  const { first, toSend } = openWebStream(body);
  // `new Response()` refuses some of what `fetch()` returns, and forgets that it came from there, which Nest looks at.
  const { status, statusText, type, url } = response;
  const own = Object.entries({ status, statusText, type, url }).map(([name, value]) => [name, { value }]);
  const copy = new Response(toSend, { headers });
  return { first, toSend: Object.defineProperties(copy, Object.fromEntries(own) as PropertyDescriptorMap) };
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
  // All chunks are made in one async context, and not each in that of the code that asks for it.
  const scope = new AsyncResource('TicketOfficeBody');
  const iterator = iterable[Symbol.asyncIterator]();
  const next = async () => scope.runInAsyncScope(() => iterator.next());
  const first = next();
  const answers = [first];
  const toSend: AsyncIterableIterator<unknown> = {
    [Symbol.asyncIterator]: () => toSend,
    next: () => answers.pop() ?? next(),
    return: async () =>
      (await scope.runInAsyncScope(() => iterator.return?.())) ?? { done: true, value: undefined },
  };
  return { first, toSend };
}

/** Resolves once a chunk can be read, without reading it. */
async function readable(stream: Readable): Promise<void> {
  // An old-style stream, which nobody can look into: it begins when it is piped.
  if (typeof stream?.read !== 'function' || typeof stream.readableLength !== 'number') return;
  // A failure while the ticket is stamped belongs to the code that sends the stream, and would end the process meanwhile.
  stream.on('error', () => undefined);
  if (stream.errored) throw stream.errored;
  if (stream.readableEnded || stream.readableLength > 0) return;
  if (stream.destroyed) throw new TypeError(READ_ALREADY);
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

/** What is read to send an answer. */
function sourceOf(value: unknown): unknown {
  if (value instanceof StreamableFile) return value.getStream();
  return isWebResponse(value) ? value.body : value;
}

/** Nobody can see it of a generator. A stream that has failed counts as unread: reading it throws its own error. */
const wasRead = (value: unknown): boolean =>
  isNodeStream(value)
    ? Readable.isDisturbed(value) && !value.errored
    : isWebStream(value) && (value.locked || Readable.isDisturbed(value as never));

const READ_ALREADY =
  'The handler has returned a stream or a Response whose body was read or closed already, so that it cannot be sent: return a new one';

const destroy = (stream: Readable): void => void stream?.destroy?.();

const returnOf = async (iterable: AsyncIterable<unknown>): Promise<unknown> =>
  iterable[Symbol.asyncIterator]().return?.();

const isNodeStream = (value: unknown): value is Readable =>
  value instanceof Readable || (isAsyncIterable(value) && typeof (value as Readable).pipe === 'function');

/** By its tag, as Nest does: apps may have another implementation than Node's. */
const isWebResponse = (value: unknown): value is Response =>
  Object.prototype.toString.call(value) === '[object Response]';

const isWebStream = (value: unknown): value is ReadableStream =>
  isAsyncIterable(value) && typeof (value as unknown as ReadableStream).getReader === 'function';

/** Like Nest: an iterable with a `then`, such as a query, stands for what it resolves to. */
function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  const { then, [Symbol.asyncIterator]: iterate } = Object(value) as AsyncIterable<unknown> & {
    then?: unknown;
  };
  return typeof iterate === 'function' && typeof then !== 'function';
}
