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

/** Whether Nest sends streams, iterables and web responses; before, it sends StreamableFile, and Fastify some of them. */
export const nestStreams = isAtLeast('12.4.0', '@nestjs/core');
