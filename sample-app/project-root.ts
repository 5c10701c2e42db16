import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function nearestPackage(directory: string): string {
  const parent = dirname(directory);
  return existsSync(join(directory, 'package.json')) || parent === directory
    ? directory
    : nearestPackage(parent);
}

/** The folder with package.json: the same for the sources and for build/, in any working directory. */
export const projectRoot = nearestPackage(import.meta.dirname);
