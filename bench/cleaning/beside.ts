import { Client } from '../client.js';
import { ServerProcess } from '../server.process.js';
import { median } from '../figures.js';

interface Beside {
  /** Redemptions a second. */
  readonly alone: number;
  readonly with: number;
  /** Rows that the cleaning beside them deleted, a second. */
  readonly deleted: number;
  /** In ms, beside the cleaning. */
  readonly slowest: number;
}

/** Redemptions in stretches, every second of them while the same process cleans. */
export async function besideRedemptions(url: string, stretch: number, rounds: number): Promise<Beside> {
  const server = await ServerProcess.start(url);
  const client = new Client(server.port);
  const rates = { alone: [] as number[], with: [] as number[], deleted: [] as number[] };
  let slowest = 0;
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const kind of round % 2 === 0 ? (['alone', 'with'] as const) : (['with', 'alone'] as const)) {
        const tickets = (await client.send('POST', `/tickets/${stretch}`)) as string[];
        if (kind === 'with') await client.send('POST', '/cleaning');
        const start = performance.now();
        const worst = await client.sendAll('/ours', tickets);
        const seconds = (performance.now() - start) / 1000;
        const deleted = kind === 'with' ? Number(await client.send('DELETE', '/cleaning')) : 0;
        if (round === 0) continue;
        rates[kind].push(stretch / seconds);
        if (kind === 'alone') continue;
        rates.deleted.push(deleted / seconds);
        slowest = Math.max(slowest, worst);
      }
    }
  } finally {
    client.close();
    await server.stop();
  }
  return { alone: median(rates.alone), with: median(rates.with), deleted: median(rates.deleted), slowest };
}
