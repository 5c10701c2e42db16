import { STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import type { HttpException, HttpExceptionOptions, HttpServer, StreamableFile } from '@nestjs/common';

// All in which the versions of Nest, from 11.0 on, differ for the library. `nest.versions.spec.ts` fails by name when one
// of them does otherwise.

/**
 * An exception with an `errorCode`, on itself and in its JSON body, as Nest 12 makes it of its options. Nest 11 knows no
 * `errorCode`, and leaves its `error` blank when it has options.
 */
export function exceptionWithCode(
  Exception: new (message: string, options: HttpExceptionOptions) => HttpException,
  message: string,
  errorCode: string,
  cause?: Error,
): HttpException {
  const options: HttpExceptionOptions = { cause };
  const exception = new Exception(message, Object.assign(options, { errorCode }));
  const error = STATUS_CODES[exception.getStatus()];
  Object.assign(exception.getResponse(), { error, errorCode });
  return Object.assign(exception, { errorCode });
}

/** What an HTTP adapter does with headers, which the types of Nest 11 leave out. */
interface Headers {
  getHeader(response: unknown, name: string): string | string[] | undefined;
  setHeader(response: unknown, name: string, value: string | string[]): unknown;
  appendHeader(response: unknown, name: string, value: string): unknown;
}

/** Appends a header to a response, and keeps those of its name; on Fastify, the adapter of Nest 11 replaces them. */
export function appendHeader(adapter: HttpServer, response: unknown, name: string, value: string): void {
  const headers = adapter as unknown as Headers;
  const values = () => [headers.getHeader(response, name) ?? []].flat();
  const before = values();
  headers.appendHeader(response, name, value);
  const after = values();
  if (before.every((one) => after.includes(one))) return;
  // Fastify would append cookies to those that it has already.
  (response as { removeHeader(name: string): unknown }).removeHeader(name);
  headers.setHeader(response, name, [...before, value]);
}

/** The headers of a response, whichever platform has made it. */
export function headersOf(adapter: HttpServer, response: unknown) {
  const headers = adapter as unknown as Headers;
  return {
    get: (name: string) => headers.getHeader(response, name),
    set: (name: string, value: string) => headers.setHeader(response, name, value),
    append: (name: string, value: string) => appendHeader(adapter, response, name, value),
  };
}

/** The same file, whose stream fails when it is read: NestJS 11.0.0 does not notice that it has failed before. */
export function failingWhenRead(file: StreamableFile, error: Error): StreamableFile {
  const stream = new Readable({ read: () => void stream.destroy(error) });
  return Object.create(file, { getStream: { value: () => stream } }) as StreamableFile;
}
