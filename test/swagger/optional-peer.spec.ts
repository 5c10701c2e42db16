import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root, run } from '../support/built-package.js';
import { temporaryFolder } from '../support/temporary-folder.js';

interface Manifest {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional?: boolean }>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const optional = Object.keys(manifest.peerDependenciesMeta);
const needed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
  (name) => !optional.includes(name),
);

describe('The package, where no optional package is installed', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder('no-swagger');
    const own = join(folder, 'node_modules/nestjs-ticketoffice');
    for (const name of needed) {
      mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    // A copy: from a link, Node.js would look beside the original.
    mkdirSync(own);
    for (const part of ['package.json', 'dist'])
      cpSync(join(root, part), join(own, part), { recursive: true });
  });

  /** The names of what a module exports, when it is imported and when it is required. */
  async function exportsOf(name: string): Promise<string[][]> {
    const list = 'console.log(JSON.stringify(Object.keys(loaded)))';
    const ways = {
      'app.mjs': `import * as loaded from ${JSON.stringify(name)}; ${list}`,
      'app.cjs': `const loaded = require(${JSON.stringify(name)}); ${list}`,
    };
    const outputs: string[] = [];
    for (const [file, code] of Object.entries(ways)) {
      writeFileSync(join(folder, file), code);
      outputs.push(await run(process.execPath, join(folder, file)));
    }
    return outputs.map((output) => JSON.parse(output) as string[]);
  }

  it('lacks @nestjs/swagger', async () => {
    expect(optional).toContain('@nestjs/swagger');
    await expect(exportsOf('@nestjs/swagger')).rejects.toThrow('Cannot find package');
  });

  it('loads by its main entry', async () => {
    for (const names of await exportsOf('nestjs-ticketoffice')) expect(names).toContain('TicketOfficeModule');
  });

  it('loads by its subpath for OpenAPI, which needs no more than types', async () => {
    for (const names of await exportsOf('nestjs-ticketoffice/swagger'))
      expect(names.filter((name) => name !== '__esModule')).toEqual(['documentTickets']);
  });

  it.each(['esm', 'cjs'])('names no optional package in the types of its main entry (%s)', (build) => {
    const files = typesFrom(join(root, 'dist', build, 'index.d.ts'));
    expect(files.size).toBeGreaterThan(20);
    const named = [...files].filter((file) =>
      optional.some((name) => readFileSync(file, 'utf8').includes(`'${name}'`)),
    );
    expect(named).toEqual([]);
    expect(typesFrom(join(root, 'dist', build, 'swagger/index.d.ts')).size).toBeGreaterThan(1);
  });
});

/** The declarations that one refers to, itself included. */
function typesFrom(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?['"](\.[^'"]+)\.js['"]/g))
    typesFrom(resolve(dirname(file), `${path}.d.ts`), found);
  return found;
}
