import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { BadRequestException } from '@nestjs/common';
import {
  type Fails,
  trackedIterable,
  trackedReadable,
  trackedWebStream,
} from '../support/tracked-streams.js';
import type { Run } from './soak.run.js';

export const leak = () => new BadRequestException('The roof leaks');

/** The bytes of an answer, in two chunks. */
export async function* chunks(run: Run, fails: Fails): AsyncGenerator<string> {
  const close = run.open('generator');
  try {
    await run.rest();
    if (fails === 'at once') throw leak();
    yield 'Mona';
    await run.rest();
    if (fails === 'later') throw leak();
    yield ' Lisa';
  } finally {
    close();
  }
}

export const readable = (run: Run, fails: Fails): Readable =>
  trackedReadable(Readable.from(chunks(run, fails), { objectMode: false }), run.open('Readable'));

/** A file on the disk, and so a descriptor of the process. */
export const file = (run: Run, path: string): Readable =>
  trackedReadable(createReadStream(path), run.open('file'));

export const iterable = (run: Run, fails: Fails): AsyncIterable<string> =>
  trackedIterable(chunks(run, fails), run.open('iterable'));

export const webStream = (run: Run, fails: Fails): ReadableStream<Uint8Array> =>
  trackedWebStream(chunks(run, fails), run.open('ReadableStream'));
