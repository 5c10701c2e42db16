import type { EventEmitter } from 'node:events';
import { readdirSync } from 'node:fs';
import { collectGarbage } from '../support/garbage.js';
import type { SoakApp } from './soak.app.js';
import { partFromUpstream } from './soak.upstream.js';

/** What the process and the server hold. */
export interface Holdings {
  readonly descriptors: number;
  readonly connections: number;
  readonly 'listeners on the process': number;
  readonly 'listeners on the server': number;
  readonly 'listeners on the pool': number;
}

const listenersOn = (emitter: EventEmitter): number =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

/** On the connection that has most of them. */
export const listenersOnSockets = ({ sockets }: SoakApp): number =>
  Math.max(0, ...[...sockets].map(listenersOn));

/** How many this process has open; 0 where the system does not list them. */
function descriptors(): number {
  try {
    return readdirSync('/dev/fd').length;
  } catch {
    return 0;
  }
}

/** With no guest connected. */
export async function holdings(app: SoakApp): Promise<Holdings> {
  partFromUpstream();
  return {
    descriptors: descriptors(),
    connections: await connectionsOf(app),
    'listeners on the process': listenersOn(process),
    'listeners on the server': listenersOn(app.server),
    'listeners on the pool': listenersOn(app.pool),
  };
}

async function connectionsOf({ dataSource }: SoakApp): Promise<number> {
  const [{ count }] = await dataSource.query<[{ count: string }]>(
    'SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()',
  );
  return Number(count);
}

/** Opens as many connections as the pool may have. */
export async function fillPool({ dataSource, pool }: SoakApp): Promise<void> {
  const runners = Array.from({ length: pool.options.max ?? 0 }, () => dataSource.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.connect()));
  await Promise.all(runners.map((runner) => runner.release()));
}

/** What the pool and the database are still busy with. */
export async function unreturned({ dataSource, pool }: SoakApp): Promise<string[]> {
  const taken = pool.totalCount - pool.idleCount;
  // To ask would wait for one.
  if (taken > 0 || pool.waitingCount > 0)
    return [`connections taken from the pool: ${taken}, and ${pool.waitingCount} wait for one`];
  const busy = await dataSource.query<{ state: string; query: string }[]>(
    `SELECT state, query FROM pg_stat_activity
      WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`,
  );
  return busy.map(({ state, query }) => `in the database, ${state}: ${query}`);
}

/** What is alive on the heap, in bytes. */
export async function heap(): Promise<number> {
  // Twice, with a turn in between: finalisers let go of more.
  for (let times = 2; times > 0; times -= 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
