import type { Type } from '@nestjs/common';
import { RouterExecutionContext } from '@nestjs/core/router/router-execution-context.js';
import { context, trace } from '@opentelemetry/api';
import { NestInstrumentation } from '@opentelemetry/instrumentation-nestjs-core';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterwards } from './suite-scope.js';

type Handler = (...args: unknown[]) => unknown;
/** Makes what a handler is replaced by: at boot, and for a controller that is made per request at each request. */
type Wrap = (handler: Handler) => Handler;

/** What instruments handlers, by name: from now to the end of the block, for the apps that start meanwhile. */
export const AGENTS: [name: string, instrument: () => void][] = [
  ['OpenTelemetry', instrumentByOpenTelemetry],
  [
    'an agent that makes proxies',
    () => instrumentBy((handler) => copyMetadata(handler, new Proxy(handler, {}))),
  ],
  ['an agent whose wrappers have no name', () => instrumentBy(withoutName)],
  ['an agent whose wrappers have a name of their own', () => instrumentBy(withOtherName)],
  ['an agent that copies the values of the metadata', () => instrumentBy(withCopiedValues)],
];

/** The real instrumentation. It declares Nest before 12 only, and never sees modules that vitest loads. */
function instrumentByOpenTelemetry(): void {
  const exporter = new InMemorySpanExporter();
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  const instrumentation = new NestInstrumentation({ enabled: false });
  const { files } = (instrumentation as unknown as { init(): { files: InstrumentedFile[] } }).init();
  const file = files.find(({ name }) => name.includes('router-execution-context'))!;
  file.patch({ RouterExecutionContext }, '11.0.0');
  afterwards(() => {
    file.unpatch({ RouterExecutionContext }, '11.0.0');
    trace.disable();
    context.disable();
    const names = exporter.getFinishedSpans().map(({ name }) => name);
    if (!names.includes('visit'))
      throw new Error(`The instrumentation has traced no handler: ${names.join()}`);
  });
}

interface InstrumentedFile {
  readonly name: string;
  patch(module: object, version: string): unknown;
  unpatch(module: object, version: string): void;
}

function instrumentBy(wrap: Wrap): void {
  const { prototype } = RouterExecutionContext as Type<RouterExecutionContext>;
  const { create } = prototype;
  prototype.create = function (this: RouterExecutionContext, ...args: Parameters<typeof create>) {
    args[1] = wrap(args[1] as Handler);
    return create.apply(this, args);
  };
  afterwards(() => {
    prototype.create = create;
  });
}

function withoutName(handler: Handler): Handler {
  return copyMetadata(
    handler,
    (() =>
      async function (this: unknown, ...args: unknown[]) {
        return handler.apply(this, args);
      })(),
  );
}

function withOtherName(handler: Handler): Handler {
  const sentryWrappedHandler: Handler = function (this: unknown, ...args) {
    return handler.apply(this, args);
  };
  return copyMetadata(handler, sentryWrappedHandler);
}

function withCopiedValues(handler: Handler): Handler {
  const wrapper: Handler = function (this: unknown, ...args) {
    return handler.apply(this, args);
  };
  for (const key of Reflect.getMetadataKeys(handler) as string[]) {
    const value: unknown = Reflect.getMetadata(key, handler);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    Reflect.defineMetadata(key, isObject ? { ...value } : Array.isArray(value) ? [...value] : value, wrapper);
  }
  return wrapper;
}

/** As the agents do it: each value itself, and no copy of it. */
export function copyMetadata<T extends object>(from: object, to: T): T {
  for (const key of Reflect.getMetadataKeys(from) as string[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, from), to);
  return to;
}
