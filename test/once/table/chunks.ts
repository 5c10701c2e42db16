import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { BadRequestException } from '@nestjs/common';
import {
  type Fails,
  trackedIterable,
  trackedReadable,
  trackedWebStream,
} from '../../support/tracked-streams.js';
import type { Scene } from './scene.js';

const leak = () => new BadRequestException('The roof leaks');

/** The bytes of an answer, in two chunks, with the handler's work before the first. */
export async function* chunks(scene: Scene, fails: Fails = 'never'): AsyncGenerator<string> {
  const close = scene.open('generator');
  try {
    await scene.work();
    if (fails === 'at once') throw leak();
    yield 'Mona';
    await scene.rest();
    if (fails === 'later') throw leak();
    yield ' Lisa';
  } finally {
    close();
  }
}

/** Nothing runs in a generator that nobody has begun to read, so there is nothing to close then. */
export const readable = (scene: Scene, fails?: Fails): Readable =>
  trackedReadable(Readable.from(unstarted(scene, fails), { objectMode: false }), scene.open('Readable'));

export const iterable = (scene: Scene, fails?: Fails): AsyncIterable<string> =>
  trackedIterable(unstarted(scene, fails), scene.open('iterable'));

export const webStream = (scene: Scene, fails?: Fails): ReadableStream<Uint8Array> =>
  trackedWebStream(unstarted(scene, fails), scene.open('ReadableStream'));

/** A file on the disk, and so a descriptor of the process. */
export const file = (scene: Scene, path: string | URL): Readable =>
  trackedReadable(createReadStream(path), scene.open('file'));

/** Its `finally` counts as soon as it has begun; before that, nothing of it is open. */
async function* unstarted(scene: Scene, fails?: Fails): AsyncGenerator<string> {
  yield* chunks(scene, fails);
}
