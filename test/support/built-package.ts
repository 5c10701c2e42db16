import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a program at the top of the repository, where `nestjs-ticketoffice` is what was built; resolves to its output. */
export async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** The files below a folder of the repository, by paths from that folder. */
export const filesIn = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(join(root, folder).length + 1))
    : [];

/** Builds the package, unless it was built since the last change, as `.ci/run` does. */
export async function buildPackage(): Promise<void> {
  if (!isBuilt()) await run('npm', 'run', 'build');
}

/** Whether both builds hold each module of lib and no other, all built after the last change. */
function isBuilt(): boolean {
  const modules = filesIn('lib').filter((file) => file.endsWith('.ts'));
  const settings = ['tsconfig.json', 'tsconfig.esm.json', 'tsconfig.cjs.json'];
  const changedAt = (file: string) => statSync(join(root, file)).mtimeMs;
  const lastChange = Math.max(
    ...modules
      .map((file) => `lib/${file}`)
      .concat(settings)
      .map(changedAt),
  );
  return ['dist/esm', 'dist/cjs'].every((folder) => {
    const built = filesIn(folder).filter((file) => file.endsWith('.js'));
    return (
      built.length === modules.length && built.every((file) => changedAt(`${folder}/${file}`) >= lastChange)
    );
  });
}
