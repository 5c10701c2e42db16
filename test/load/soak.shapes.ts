import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { HttpCode, Res, StreamableFile } from '@nestjs/common';
import { concat, EMPTY, from, mergeMap, type Observable, of, throwError } from 'rxjs';
import { isOut, type Reply } from '../support/reply.js';
import type { Fails } from '../support/tracked-streams.js';
import type { Run, Shape } from './soak.run.js';
import { chunks, file, iterable, leak, readable, webStream } from './soak.streams.js';
import { upstream } from './soak.upstream.js';

/** A file that is there. */
const HERE = import.meta.filename;
const NOWHERE = '/nowhere/Mona Lisa';

const worked =
  (then: (run: Run, reply: Reply) => unknown) =>
  async (run: Run, reply: Reply): Promise<unknown> => {
    await run.work();
    return then(run, reply);
  };

const observed = (run: Run, values: () => Observable<string>) =>
  from(run.work().finally(() => run.end())).pipe(mergeMap(values));

const fails = { outcome: 'free' } as const;
const succeeds = { outcome: 'used', status: 200 } as const;

const values: Shape[] = [
  { does: 'returns a value', ...succeeds, handler: () => 'Welcome' },
  { does: 'promises a value', ...succeeds, handler: worked(() => 'Welcome') },
  { does: 'returns nothing', ...succeeds, handler: worked(() => undefined) },
  {
    does: 'returns an Observable of two values',
    ...succeeds,
    endsItself: true,
    handler: (run) => observed(run, () => of('one', 'two')),
  },
  { does: 'throws', ...fails, status: 400, handler: throwing },
  {
    does: 'rejects with an HttpException',
    ...fails,
    status: 400,
    handler: worked(() => Promise.reject(leak())),
  },
  {
    does: 'rejects with an Error',
    ...fails,
    status: 500,
    handler: worked(() => Promise.reject(new Error('The roof leaks'))),
  },
  {
    does: 'returns an Observable that emits and then fails',
    ...fails,
    status: 400,
    endsItself: true,
    handler: (run) => observed(run, () => concat(of('one'), throwError(leak))),
  },
  {
    does: 'returns an empty Observable',
    ...fails,
    status: 500,
    endsItself: true,
    handler: (run) => observed(run, () => EMPTY),
  },
  {
    does: 'has @HttpCode(422)',
    ...fails,
    status: 422,
    decorators: [HttpCode(422)],
    handler: worked(() => 'no'),
  },
];

function throwing(): never {
  throw leak();
}

const responses: Shape[] = [
  { does: 'returns a Response', ...succeeds, handler: worked(() => new Response('Mona Lisa')) },
  {
    does: 'returns a Response of a stream',
    ...succeeds,
    handler: worked((run) => new Response(webStream(run, 'never'))),
  },
  { does: "returns another server's answer", ...succeeds, handler: worked(() => fetch(upstream.good)) },
  {
    does: 'returns a Response 422',
    ...fails,
    status: 422,
    handler: worked(() => new Response('no', { status: 422 })),
  },
  {
    does: "returns another server's 502",
    ...fails,
    status: 502,
    handler: worked(() => fetch(upstream.bad)),
  },
];

const kinds: Record<string, (run: Run, fails: Fails) => unknown> = {
  'a StreamableFile': (...all) => new StreamableFile(readable(...all)),
  'a Readable': readable,
  'a ReadableStream': webStream,
  'an async iterable': iterable,
};

const streams: Shape[] = Object.entries(kinds).flatMap(([kind, make]) => [
  { does: `returns ${kind}`, ...succeeds, handler: worked((run) => make(run, 'never')) },
  {
    does: `returns ${kind} that fails after its first chunk`,
    ...succeeds,
    breaksOff: true,
    handler: worked((run) => make(run, 'later')),
  },
  {
    does: `returns ${kind} that fails before its first chunk`,
    ...fails,
    status: 400,
    failsLater: true,
    handler: worked((run) => make(run, 'at once')),
  },
]);

/** Its work is done by the first chunk. */
const generator = (where: Fails): Shape['handler'] =>
  async function* generate(run: Run) {
    await run.work();
    run.end();
    yield* chunks(run, where);
  };

/** What costs a descriptor where it is not closed. */
export const files: readonly Shape[] = [
  {
    does: 'returns a StreamableFile of a file',
    ...succeeds,
    handler: worked((run) => new StreamableFile(file(run, HERE))),
  },
  { does: 'returns a file', ...succeeds, handler: worked((run) => file(run, HERE)) },
  {
    does: 'returns a StreamableFile of a missing file',
    ...fails,
    status: 400,
    // Nest asks the file's own error handler on Express only.
    statusOnFastify: 500,
    failsLater: true,
    handler: worked((run) => new StreamableFile(file(run, NOWHERE))),
  },
];

const generators: Shape[] = [
  {
    does: 'is an async generator',
    ...succeeds,
    isGenerator: true,
    endsItself: true,
    handler: generator('never'),
  },
  {
    does: 'is an async generator that fails after its first chunk',
    ...succeeds,
    breaksOff: true,
    isGenerator: true,
    endsItself: true,
    handler: generator('later'),
  },
  {
    does: 'is an async generator that fails before its first chunk',
    ...fails,
    status: 400,
    failsLater: true,
    isGenerator: true,
    endsItself: true,
    handler: generator('at once'),
  },
];

const passthrough = () => Res({ passthrough: true });
const plain = () => Res();

/** Answers unless somebody else has. */
function answer(run: Run, reply: Reply, status: number): void {
  run.end();
  if (!isOut(reply)) reply.status(status).send('by hand');
}

const rawOf = (reply: Reply) => (reply.raw ?? reply) as ServerResponse;

/** An app's own code for an error in a callback. */
const inCallback =
  (then: (run: Run, reply: Reply) => unknown): Shape['handler'] =>
  (run, reply) => {
    void run.work().then(
      () => setImmediate(then, run, reply),
      () => answer(run, reply, 500),
    );
  };

const byHand: Shape[] = [
  {
    does: 'sets status(201) with passthrough',
    ...succeeds,
    status: 201,
    response: passthrough,
    handler: worked((_, reply) => void reply.status(201)),
  },
  {
    does: 'sets status(422) with passthrough',
    ...fails,
    status: 422,
    response: passthrough,
    handler: worked((_, reply) => void reply.status(422)),
  },
  {
    does: 'answers by a plain @Res()',
    ...succeeds,
    status: 202,
    response: plain,
    handler: worked((run, reply) => answer(run, reply, 202)),
  },
  {
    does: 'refuses by a plain @Res()',
    ...fails,
    status: 404,
    failsLater: true,
    response: plain,
    handler: worked((run, reply) => answer(run, reply, 404)),
  },
  {
    does: 'answers by a plain @Res() in a callback',
    ...succeeds,
    status: 202,
    response: plain,
    endsItself: true,
    handler: inCallback((run, reply) => answer(run, reply, 202)),
  },
  {
    does: 'refuses by a plain @Res() in a callback',
    ...fails,
    status: 404,
    failsLater: true,
    response: plain,
    endsItself: true,
    handler: inCallback((run, reply) => answer(run, reply, 404)),
  },
  {
    does: 'refuses by a plain @Res() once a file is missing',
    ...fails,
    status: 404,
    failsLater: true,
    response: plain,
    endsItself: true,
    handler: inCallback((run, reply) => createReadStream(NOWHERE).on('error', () => answer(run, reply, 404))),
  },
  {
    does: 'pipes a file into a plain @Res()',
    ...succeeds,
    response: plain,
    endsItself: true,
    handler: inCallback((run, reply) => {
      run.end();
      // Once the guest has gone, Node.js 24 throws here, and leaves the file open.
      if (!isOut(reply) && !rawOf(reply).destroyed) pipeline(file(run, HERE), rawOf(reply), () => undefined);
    }),
  },
];

export const shapes: readonly Shape[] = [
  ...values,
  ...responses,
  ...streams,
  ...files,
  ...generators,
  ...byHand,
];

/** The handler that a guest finds at a second visit. */
export const plainShape = values.find(({ does }) => does === 'promises a value')!;
