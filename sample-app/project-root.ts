import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function nearestPackage(directory: string): string {
  const parent = dirname(directory);
  return existsSync(join(directory, 'package.json')) || parent === directory
    ? directory
    : nearestPackage(parent);
}

/** The folder with package.json: the same from the sources and from build/, whatever the working directory. */
export const projectRoot = nearestPackage(import.meta.dirname);
