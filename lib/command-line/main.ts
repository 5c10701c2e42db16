#!/usr/bin/env node
import { Console } from 'node:console';
import type { Writable } from 'node:stream';
import { CommandLineError, EXIT, messageOf } from './failure.js';
import { Output } from './output.js';
import { failed, runProgram } from './program.js';

// The command's entry, as an ES module alone: it loads the app's data source, ES module or CommonJS, before any class of
// the library, and then the build of the library that the data source has (builds.ts).

// Standard output is for results: a data source file may load what prints a greeting there, dotenv for example.
globalThis.console = new Console(process.stderr, process.stderr);

const { stdout, stderr } = process;
const output = new Output(stdout, stderr);
// Loggers write without the console.
Object.defineProperty(process, 'stdout', { value: stderr });
const interruption = new AbortController();

async function end(code: number): Promise<void> {
  await written(stdout);
  if (unwritten) output.note(`ticket-office: cannot write the result: ${messageOf(unwritten)}`);
  await written(stderr);
  // The app's file may have opened what would keep the process alive.
  process.exit(unwritten ? code || EXIT.failed : code);
}

let unwritten: Error | undefined;
const written = (stream: Writable): Promise<void> =>
  new Promise((resolve) => void stream.write('', () => resolve()));
stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of the output may have ended, `head` for example: the work is done nevertheless.
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') unwritten = error;
});
stderr.on('error', () => undefined);
// A shell's codes: 128 and the number of the signal.
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
  process.on(signal, () => {
    // The second time, whatever still runs.
    if (interruption.signal.aborted) process.exit(code);
    interruption.abort(new CommandLineError('interrupted', code));
  });
}
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => void end(failed(error, output)));

void runProgram(process.argv.slice(2), output, interruption.signal).then(end);
