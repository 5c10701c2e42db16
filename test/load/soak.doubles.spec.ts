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
import { MARGIN, soakDatabase } from './soak.extent.js';
import { Soak } from './soak.js';

/** As many requests as each needs, so that it is caught whatever the order of things. */
const catches: [Type<NestInterceptor>, requests: number, ...faults: RegExp[]][] = [
  [ReleaseAtHangUp, 400, /^the ticket is free, though a handler has succeeded/],
  [StampWhileWaitedFor, 100, /^the ticket is still claimed/, /^claims left: /],
  [StampAtReturn, 400, /^left open: file/, /^descriptors: /, /used, though no handler has succeeded/],
  [LookThenStamp, 100, /^[2-4] handlers have succeeded/, /^[2-4] answers report success/, /: runs beside /],
  [KeepsListeners, 100, /^listeners on a connection: /],
  [KeepsListenersOnProcess, 100, /^listeners on the process: /],
  [KeepsRequests, 800, /^heap: /],
  [LeavesTransactions, 100, /^connections taken from the pool: 1/],
];

eachDatabase(
  'the soak catches',
  (database) => {
    it.each(catches.map(([double, ...rest]) => [double.name, double, ...rest] as const))(
      '[D-6] %s',
      async (_, interceptor, requests, ...faults) => {
        const app = await startSoakApp('Express', database, [{ interceptor }]);
        const settings = { requests, seed: 1, margin: MARGIN, patience: 100 };
        const report = await new Soak(app, settings).run();
        for (const fault of faults) expect(report.faults).toContainEqual(expect.stringMatching(fault));
      },
    );
  },
  soakDatabase(),
);
