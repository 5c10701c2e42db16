import { StampInTransaction, StampInvitation } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { startSoakApp } from './soak.app.js';
import { MARGIN, REQUESTS, SEED, soakDatabase } from './soak.extent.js';
import { Soak } from './soak.js';

const stamps = [{ interceptor: StampInvitation }, { interceptor: StampInTransaction, isTransaction: true }];

eachDatabase(
  'Requests of all shapes, disturbed at random,',
  (database) => {
    it.each(['Express', 'Fastify'] as const)(
      '[D-6] use each ticket once at most, and leave nothing behind, on %s',
      async (platform) => {
        const app = await startSoakApp(platform, database, stamps);
        const { faults, ...figures } = await new Soak(app, {
          requests: REQUESTS,
          seed: SEED,
          margin: MARGIN,
        }).run();
        console.log(platform, figures);
        expect({ TICKET_OFFICE_TEST_SEED: SEED, faults }).toEqual({
          TICKET_OFFICE_TEST_SEED: SEED,
          faults: [],
        });
      },
      60_000 + REQUESTS * 30,
    );
  },
  soakDatabase(),
);
