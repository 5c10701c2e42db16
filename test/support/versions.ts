import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Whether the installed version of a package is this one or a later one: for what the older ones do otherwise. */
export function isAtLeast(wanted: string, name: '@nestjs/core' | 'typeorm'): boolean {
  // Its exports may leave its package.json out.
  const file = join(dirname(require.resolve(name)), 'package.json');
  const { version } = require(file) as { version: string };
  return version.localeCompare(wanted, 'en', { numeric: true }) >= 0;
}

/** Whether Nest sends streams, iterables and web responses as what they are; before, a StreamableFile only. */
export const nestStreams = isAtLeast('12.4.0', '@nestjs/core');

/** Whether the Fastify of this Nest has a `handlerTimeout`. */
export const hasHandlerTimeout = isAtLeast('11.2.0', '@nestjs/core');

/** What an older Nest makes JSON of: iterables, and the streams and web responses that Fastify sends by itself. */
export type Streamed = 'iterables' | 'streams';

/** Whether it is sent as what it is. */
export const isSent = (platform: 'Express' | 'Fastify', streamed: Streamed): boolean =>
  nestStreams || (platform === 'Fastify' && streamed === 'streams');
