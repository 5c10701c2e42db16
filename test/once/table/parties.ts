import { RequestTimeoutException } from '@nestjs/common';
import type { TestAdapter } from '../../support/adapters.js';
import { hasHandlerTimeout, nestStreams } from '../../support/versions.js';
import { Forgiven } from './forgiving.filter.js';
import type { Moment, Scene } from './scene.js';
import type { Stage } from './stage.js';
import type { Visit } from './visit.js';
import { someTurns, within } from './within.js';

/** Somebody else than the handler with a hand on its answer. */
export interface Party {
  /** The title. */
  readonly name: string;
  /** Its row of the table in docs/guarding.md. */
  readonly row: string;
  readonly only?: TestAdapter['name'];
  /** Resolves when there is no more to be seen of it. */
  readonly act: (scene: Scene, visit: Visit, stage: Stage) => Promise<unknown>;
  /** What it does once the ticket's outcome is written. */
  readonly afterwards?: (scene: Scene) => unknown;
  /** It sends an answer in place of the handler's. */
  readonly answers?: boolean;
  /** It acts on what comes out of the handler, and not on the answer. */
  readonly isInterceptor?: boolean;
  /** Why it cannot act once the answer is on its way. */
  readonly isTooLateOnTheWay?: string;
}

const answered = (visit: Visit) => within(visit.answer, 'answered by the party');

const givingUp =
  (tooLate: () => Error): Party['act'] =>
  async (scene, visit) => {
    scene.tooLate = tooLate;
    scene.giveUp.open();
    await answered(visit);
  };

const STATUS_IS_OUT = 'the status is out';

const someStatus = 'middleware or a hook answers, or sets a status';
const timeOut =
  'an interceptor outside the stamp gives up, a time-out for example, whatever a filter makes of it';
const platformTimeOut = 'Fastify’s `handlerTimeout`, with and without an `onSend` hook that awaits';

export const allParties: Party[] = [
  {
    name: 'an interceptor outside gives up',
    row: timeOut,
    answers: true,
    isInterceptor: true,
    act: givingUp(() => new RequestTimeoutException()),
  },
  {
    name: 'an interceptor outside gives up, and a filter answers 200',
    row: timeOut,
    answers: true,
    isInterceptor: true,
    act: givingUp(() => new Forgiven()),
  },
  {
    name: 'middleware answers 503',
    row: someStatus,
    answers: true,
    async act({ response }, visit) {
      if (!response.headersSent) response.statusCode = 503;
      if (!response.writableEnded) response.end('Too late');
      await answered(visit);
    },
  },
  {
    name: 'middleware sets 503, to answer in a moment',
    row: someStatus,
    answers: true,
    async act({ response }) {
      if (!response.headersSent) response.statusCode = 503;
    },
    afterwards: ({ response }) => response.writableEnded || response.end(),
    isTooLateOnTheWay: STATUS_IS_OUT,
  },
  {
    name: 'a hook answers 503',
    row: someStatus,
    only: 'Fastify',
    async act({ reply, response }, visit) {
      if (!response.headersSent) reply!.code(503).send('Too late');
      await answered(visit);
    },
    isTooLateOnTheWay: STATUS_IS_OUT,
  },
  {
    name: 'handlerTimeout answers 503',
    row: platformTimeOut,
    only: 'Fastify',
    async act(scene, visit) {
      scene.fireTimeout();
      await answered(visit);
    },
    ...(!nestStreams && { isTooLateOnTheWay: 'the Fastify of Nest 11 leaves what it is sending alone' }),
  },
  {
    name: 'handlerTimeout answers 503, and an onSend hook holds it up',
    row: platformTimeOut,
    only: 'Fastify',
    async act(scene, visit) {
      scene.holdsAnswers = true;
      scene.fireTimeout();
      await within(Promise.race([scene.sending.opened, visit.answer]), 'answered by handlerTimeout');
    },
    afterwards: (scene) => scene.send.open(),
    isTooLateOnTheWay: STATUS_IS_OUT,
  },
  {
    name: 'the guest hangs up',
    row: 'the guest hangs up',
    async act({ response }, visit) {
      const { socket } = response.req;
      // Not `once`, which would reject for a write that fails as the guest goes.
      const gone = new Promise<void>((resolve) => {
        if (socket.destroyed) resolve();
        else socket.on('close', () => resolve());
      });
      visit.hangUp();
      await within(gone, 'seen by the server that the guest has gone');
    },
  },
];

/** Those that there are with the installed versions. */
export const parties = allParties.filter(({ row }) => row !== platformTimeOut || hasHandlerTimeout);

/** Once only for each app: not in the table's product. */
export const closing: Party = {
  name: 'the app closes',
  row: 'the app closes',
  async act(_, __, { museum, closing: begun }) {
    void museum.app.close();
    await within(begun.opened, 'begun to close');
    // As far as it comes without the handler.
    await someTurns();
  },
};

export const moments: Moment[] = [
  'before the claim',
  'while the handler runs',
  'before the stamp',
  'while the answer is on its way',
];
