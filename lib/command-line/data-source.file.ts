import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DataSource } from 'typeorm';
import { messageOf, usageError } from './failure.js';

/**
 * Loads the data source that a file exports, as TypeORM's command line takes it: an ES module or CommonJS, by default or
 * by any one name, or a promise of one.
 *
 * @param file a path, from the working directory, or a file URL
 * @throws CommandLineError that says what to write
 */
export async function loadDataSource(file: string): Promise<DataSource> {
  const path = file.startsWith('file:') ? pathOf(file) : resolve(file);
  if (/\.[cm]?tsx?$/.test(path)) {
    throw usageError(
      `${file} is TypeScript: give the file that it is compiled to, such as dist/data-source.js`,
    );
  }
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw usageError(`there is no file ${file}: give the compiled file of the data source`);
  const exported = await exportsOf(path).catch((error: unknown) => {
    throw usageError(`${file} cannot be loaded: ${messageOf(error)}`, error);
  });
  return onlyOne(file, exported);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw usageError(`${url} is no file URL`, error);
  }
}

/** By name; `default` is first. What a CommonJS file exports is the default export of its ES module. */
async function exportsOf(path: string): Promise<Map<string, unknown>> {
  const { default: main, ...named } = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const awaited: unknown = await main;
  const nested = isDataSource(awaited) ? {} : (Object(awaited) as Record<string, unknown>);
  const exported = new Map<string, unknown>([['default', awaited]]);
  for (const [name, value] of Object.entries({ ...nested, ...named })) exported.set(name, await value);
  return exported;
}

function onlyOne(file: string, exported: Map<string, unknown>): DataSource {
  const main = exported.get('default');
  if (isDataSource(main)) return main;
  const found = [...exported].filter(([, value]) => isDataSource(value));
  const [first, ...others] = new Set(found.map(([, value]) => value as DataSource));
  if (!first) {
    throw usageError(`${file} exports no data source: write export const dataSource = new DataSource({ … })`);
  }
  if (others.length === 0) return first;
  const names = found.map(([name]) => name).join(', ');
  throw usageError(
    `${file} exports several data sources (${names}): export the one with the tickets by default`,
  );
}

/** By its methods: the app may have another copy of TypeORM. */
function isDataSource(value: unknown): value is DataSource {
  const { initialize, destroy, setOptions, options } = Object(value) as Partial<DataSource>;
  return (
    [initialize, destroy, setOptions].every((method) => typeof method === 'function') &&
    Object(options) === options
  );
}
