import { vi } from 'vitest';
import { authorization } from '../invitations/ask.js';
import type { Stage } from './flows.js';
import { searchAfter } from './search.js';

const outOfMemory = vi.hoisted(() => ({ hash: false, verify: false }));

// The real one, which cannot be made to fail otherwise.
vi.mock('argon2', async (importOriginal) => {
  const real = await importOriginal<typeof import('argon2')>();
  const fail = () => Promise.reject(new Error('Memory allocation error'));
  const hash = (...given: Parameters<typeof real.hash>) => (outOfMemory.hash ? fail() : real.hash(...given));
  const verify = (...given: Parameters<typeof real.verify>) =>
    outOfMemory.verify ? fail() : real.verify(...given);
  return { ...real, hash, verify };
});

const PASSWORD = 'I love Paris, sang the canary to argon2';

/** What argon2 can come to. */
const hashing: Record<string, (stage: Stage) => Promise<void>> = {
  async 'argon2 fails when a password is issued, shown or replaced'({ gallery, own }) {
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

searchAfter(hashing, ['answer: 503', 'error: TicketOfficeBusyError']);
