import { beforeAll, describe, expect, it, vi } from 'vitest';
import { authorization } from '../invitations/ask.js';
import { eachAdapter } from '../support/adapters.js';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { Canaries } from './canaries.js';
import { failures } from './failures.js';
import { flows, type Stage } from './flows.js';
import { type Gallery, openGallery } from './gallery.js';
import { watchOutput } from './loggers.js';
import { contentsOf } from './tables.js';
import { Witness } from './witness.js';

const outOfMemory = vi.hoisted(() => ({ hash: false, verify: false }));

// The real one, which cannot be had to fail otherwise.
vi.mock('argon2', async (importOriginal) => {
  const real = await importOriginal<typeof import('argon2')>();
  const fail = () => Promise.reject(new Error('Memory allocation error'));
  const hash = (...given: Parameters<typeof real.hash>) => (outOfMemory.hash ? fail() : real.hash(...given));
  const verify = (...given: Parameters<typeof real.verify>) =>
    outOfMemory.verify ? fail() : real.verify(...given);
  return { ...real, hash, verify };
});

const PASSWORD = 'I love Paris, sang the canary to argon2';

/** The least that is accepted, one at a time; and a little more. */
const CHEAP = { memoryCost: 7168, timeCost: 5, concurrency: 1, queue: 1 };
const DEARER = { ...CHEAP, memoryCost: 7200 };

const EVERYTHING = [
  ...['access log', 'answer', 'error', 'event', 'log', 'result', 'sql', 'table'],
  ...['issued', 'admitted', 'refused', 'claimed', 'stamped', 'released'].map((type) => `event: ${type}`),
  ...['locked', 'revoked', 'reissued', 'reopened', 'cleaned'].map((type) => `event: ${type}`),
  ...[200, 201, 303, 401, 403, 409, 422, 500, 503].map((status) => `answer: ${status}`),
  ...['Credentials', 'TicketUsed', 'TicketExpired', 'TicketRevoked', 'TicketBusy', 'TicketOfficeBusy'].map(
    (name) => `error: ${name}Error`,
  ),
  ...['TicketInput', 'TicketOfficeConfiguration', 'QueryFailed'].map((name) => `error: ${name}Error`),
];

/** What argon2 can come to. */
const hashing: Record<string, (stage: Stage) => Promise<void>> = {
  async 'argon2 fails when a password is issued, shown and given a dearer hash'({ gallery, own }) {
    const { credentials } = await own.issue({ password: PASSWORD });
    const use = async () => {
      await gallery.attempt(() => gallery.issue({ password: PASSWORD }));
      await gallery.attempt(() => gallery.issue({ password: { letters: 24 } }));
      await gallery.ask('/hall', { headers: authorization(credentials) });
      await gallery.attempt(() => gallery.tickets.authenticate(credentials, 'louvre', 'visit'));
      await own.attempt(() => own.reissue(credentials.uuid));
    };
    for (const fails of [
      { hash: true, verify: true },
      // When it is to be dearer.
      { hash: true, verify: false },
      { hash: false, verify: false },
    ]) {
      Object.assign(outOfMemory, fails);
      await use();
    }
  },

  async 'too many wait for argon2'({ gallery }) {
    const { credentials } = await gallery.issue({ password: PASSWORD });
    const guests = Array.from({ length: 6 }, () =>
      gallery.ask('/hall', { headers: authorization(credentials) }),
    );
    await Promise.all(guests);
    const issues = Array.from({ length: 6 }, () =>
      gallery.attempt(() => gallery.issue({ password: PASSWORD })),
    );
    await Promise.all(issues);
  },
};

eachDatabase('canaries', (database) => {
  eachAdapter('of an app', (adapter) => {
    const canaries = new Canaries();
    const witness = new Witness();
    let stage: Stage;
    beforeAll(async () => {
      watchOutput(witness);
      const clock = new TestClock();
      const open = (options: object): Promise<Gallery> =>
        openGallery(adapter, database, { witness, canaries }, { now: clock.now, ...options });
      let made = 0;
      stage = {
        clock,
        gallery: await open({ argon2: DEARER }),
        own: await open({
          argon2: CHEAP,
          passwordGenerator: () =>
            canaries.keep('a password of the app’s own', `a canary, number ${(made += 1)}`),
        }),
        mistyped: (text) => canaries.keep('what a guest has typed', text),
      };
    });

    describe.each(Object.entries({ ...flows, ...hashing, ...failures }))('when %s', (_, act) => {
      it('[ST-3] are seen in no log, statement, event, error, answer, result or table', async () => {
        await act(stage);
        for (const table of await contentsOf(stage.gallery.dataSource, database))
          witness.note('table', table);
        expect(witness.leaks(canaries)).toEqual([]);
      });
    });

    it('[ST-3] were looked for in all of them, and in all that can happen to tickets', () => {
      expect(EVERYTHING.filter((kind) => !witness.met.has(kind))).toEqual([]);
    });
  });
});
