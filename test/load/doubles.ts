import { hash } from 'argon2';
import { barrier } from '../support/barrier.js';
import type { Besieged } from './siege.js';

const work = async (): Promise<string> => {
  await hash('I love London', { memoryCost: 1024, timeCost: 2 });
  return 'served';
};

/** Several rounds of everything that can go on does so. */
async function patience(): Promise<void> {
  for (let left = 20; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
}

const bounds = { concurrency: 2, queue: 5 };
const place = { ...bounds, served: 'served', busy: 'busy', patience, askBeside: async () => 'served' };

/** Deliberately naive: each gets its hash at once. */
export const withoutBound = (): Besieged => ({ ...place, ask: work });

/** Deliberately naive: bounds what runs, and lets everybody wait. */
export function withoutEndOfLine(): Besieged {
  const line = semaphore(({ waiting }) => waiting.shift());
  return { ...place, ask: () => line(work) };
}

/** Deliberately naive: when a turn is over, all who wait go on at once. */
export function allGoOn(): Besieged {
  const line = semaphore(
    ({ waiting }) =>
      () =>
        waiting.splice(0).forEach((go) => go()),
    bounds.queue,
  );
  return { ...place, ask: () => line(work) };
}

/** Deliberately naive: one line for all secrets. */
export function oneLineForAll(): Besieged {
  const line = semaphore(({ waiting }) => waiting.shift(), bounds.queue);
  return { ...place, ask: () => line(work), askBeside: () => line(async () => 'served') };
}

/** Deliberately naive: who is refused has been hashed before. */
export function refusedTooLate(): Besieged {
  const line = semaphore(({ waiting }) => waiting.shift(), bounds.queue);
  return { ...place, ask: async () => (await work(), line(async () => 'served')) };
}

function semaphore(
  next: (line: { waiting: (() => void)[] }) => (() => void) | undefined,
  longest = Infinity,
) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (turn: () => Promise<string>): Promise<string> => {
    if (running >= bounds.concurrency) {
      if (waiting.length >= longest) return 'busy';
      const { opened, open } = barrier();
      waiting.push(open);
      await opened;
    }
    running += 1;
    const result = await turn();
    running -= 1;
    next({ waiting })?.();
    return result;
  };
}
