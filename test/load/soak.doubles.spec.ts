import type { NestInterceptor, Type } from '@nestjs/common';
import { expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { startSoakApp } from './soak.app.js';
import {
  KeepsListeners,
  KeepsListenersOnProcess,
  KeepsRequests,
  LeavesTransactions,
  LookThenStamp,
  ReleaseAtHangUp,
  StampAtReturn,
  StampWhileWaitedFor,
} from './soak.doubles.js';
import { ALL_TEETH, MARGIN, soakDatabase } from './soak.extent.js';
import { Soak } from './soak.js';

interface Caught {
  readonly double: Type<NestInterceptor>;
  /** As many as it takes to be caught, whatever the order of things. */
  readonly requests: number;
  readonly by: readonly RegExp[];
}

const catches: Caught[] = [
  { double: ReleaseAtHangUp, requests: 400, by: [/^the ticket is free, though a handler has succeeded/] },
  { double: StampWhileWaitedFor, requests: 100, by: [/^the ticket is still claimed/, /^claims left: /] },
  {
    double: StampAtReturn,
    requests: 400,
    by: [/^left open: file/, /^descriptors: /, /^the ticket is used, though no handler has succeeded/],
  },
  {
    double: LookThenStamp,
    requests: 100,
    by: [/^[2-4] handlers have succeeded/, /^[2-4] answers report success/, /: runs beside /],
  },
  { double: KeepsListeners, requests: 100, by: [/^listeners on a connection: /] },
  { double: KeepsListenersOnProcess, requests: 100, by: [/^listeners on the process: /] },
  { double: KeepsRequests, requests: 800, by: [/^heap: /] },
  { double: LeavesTransactions, requests: 100, by: [/^connections taken from the pool: 1/] },
];

/** All of them take a minute: only `npm run test:teeth` looks at the slow ones, and at those that are like others. */
const IN_EVERY_RUN: ReadonlySet<unknown> = new Set([StampWhileWaitedFor, LookThenStamp, KeepsListeners]);

eachDatabase(
  'the soak catches',
  (database) => {
    it.each(
      catches
        .filter(({ double }) => ALL_TEETH || IN_EVERY_RUN.has(double))
        .map((caught) => [caught.double.name, caught] as const),
    )('[D-6] %s', async (_, { double, requests, by }) => {
      const app = await startSoakApp('Express', database, [{ interceptor: double }]);
      const settings = { requests, seed: 1, margin: MARGIN, patience: 100 };
      const { faults } = await new Soak(app, settings).run();
      for (const fault of by) expect(faults).toContainEqual(expect.stringMatching(fault));
    });
  },
  soakDatabase(),
);
