import { setTimeout } from 'node:timers';

// Taken at import: fake timers of a test would stop it.
const startTimer = setTimeout;

/** In ms: requests that are sent at once arrive within about as much. */
const PAUSE = 2;

let races = 0;
let together: Promise<void> | undefined;

/** Has the temporary databases of this process let requests by each other while it runs. */
export async function race<T>(run: () => Promise<T>): Promise<T> {
  races += 1;
  try {
    return await run();
  } finally {
    races -= 1;
  }
}

const pause = (): Promise<void> => new Promise((resolve) => startTimer(resolve, PAUSE));

/**
 * Waits, in a race, until others had time to come to this point, and goes on with them at once. A SQLite file has
 * answered a request before the next one is read; a server's database does so with twenty of them at a time.
 */
export async function letOthersBy(): Promise<void> {
  if (races === 0) return;
  together ??= pause().finally(() => (together = undefined));
  await together;
}

/**
 * The same, and goes on alone: on the one connection that an app has to a SQLite file, transactions that ran at once
 * would be one.
 */
export async function letOthersByAlone(): Promise<void> {
  if (races > 0) await pause();
}
