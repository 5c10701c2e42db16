import { createRequire, register } from 'node:module';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Runs commands, one after the other, in one process: to load Nest and TypeORM takes twenty times as long as a command's
// own work. `node command.host.mjs <the package's command>`; gets a call by each message, and sends how it has ended.

const commands = pathToFileURL(process.argv[2]);
const { runProgram } = await import(new URL('program.js', commands));
const { Output } = await import(new URL('output.js', commands));

/** Loads an app's file anew whenever the command does, as a process of its own would. */
const hooks = `let loads = 0;
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context);
    if (!context.parentURL?.endsWith('/command-line/data-source.file.js')) return resolved;
    return { ...resolved, url: resolved.url + '?load=' + (loads += 1) };
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
const { cache } = createRequire(import.meta.url);
const library = dirname(dirname(dirname(fileURLToPath(commands))));
const isApps = (path) => !path.includes('/node_modules/') && !path.startsWith(library);

/** Where @nestjs/typeorm remembers data sources by their names, those of an app that could not start, too. */
const { DataSourceNameRegistry: names } = await import(
  new URL('data-source-name.registry.js', pathToFileURL(createRequire(commands).resolve('@nestjs/typeorm')))
).catch(() => ({}));

let said = { stdout: '', stderr: '' };
const writable = (name) =>
  new Writable({
    decodeStrings: false,
    write(text, _, done) {
      said[name] += text;
      done();
    },
  });
// As in the command's own entry: what others print is no result.
process.stdout.write = process.stderr.write = (text) => {
  said.stderr += text;
  return true;
};

async function run({ args, cwd, env }) {
  said = { stdout: '', stderr: '' };
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  for (const path of Object.keys(cache)) if (isApps(path)) delete cache[path];
  names?.clear();
  const output = new Output(writable('stdout'), writable('stderr'));
  const code = await runProgram(args, output, new AbortController().signal);
  process.send({ code, ...said });
}
process.on('message', (call) => void run(call));
process.on('disconnect', () => process.exit());
process.send('ready');
