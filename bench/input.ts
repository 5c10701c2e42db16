import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { parseArgs } from 'node:util';
import { median } from './figures.js';
import { type Kind, KINDS } from './input/kinds.js';
import { ServerProcess } from './server.process.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

/** Requests in each stretch, for a large body and for anything else, and how many stretches count; the bar. */
const { large, small, rounds, bar } = values.quick
  ? { large: 3, small: 30, rounds: 2, bar: 3 }
  : { large: 20, small: 300, rounds: 7, bar: 1.5 };

const ROUTES = ['guarded', 'unguarded'] as const;
type Route = (typeof ROUTES)[number];

/** A stranger's requests, one after the other over one connection, and the server's CPU for each, in µs. */
class Stranger {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly server: ServerProcess) {}

  async cost(kind: Kind, route: Route): Promise<number> {
    const count = (kind.body?.length ?? 0) > 100_000 ? large : small;
    const before = await this.server.request<number>({});
    for (let sent = 0; sent < count; sent += 1) await this.send(kind, route);
    return ((await this.server.request<number>({})) - before) / count;
  }

  close(): void {
    this.agent.destroy();
  }

  /** @throws Error for an answer that says that the input did not reach the route */
  private async send({ query, headers = [], body, title }: Kind, route: Route): Promise<void> {
    const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
    const outgoing = request({
      host: '127.0.0.1',
      port: this.server.port,
      agent: this.agent,
      method: body === undefined ? 'GET' : 'POST',
      path: `/${route}${query === undefined ? '' : `?${query}`}`,
      headers: ['Host', 'museum.example', ...headers, ...length],
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    const isExpected = (route === 'guarded' ? [401, 403] : [200, 201]).includes(answer.statusCode!);
    if (!isExpected) throw new Error(`${title}, ${route}: ${answer.statusCode}`);
  }
}

/** The medians of the rounds: the guarded route and the unguarded one in turns, after a round that warms up. */
async function measure(stranger: Stranger, kind: Kind): Promise<Record<Route, number>> {
  const costs: Record<Route, number[]> = { guarded: [], unguarded: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const route of round % 2 === 0 ? ROUTES : ROUTES.toReversed()) {
      const cost = await stranger.cost(kind, route);
      if (round > 0) costs[route].push(cost);
    }
  }
  return { guarded: median(costs.guarded), unguarded: median(costs.unguarded) };
}

for (const platform of ['Express', 'Fastify']) {
  const server = await ServerProcess.start(platform, { script: new URL('input/server.js', import.meta.url) });
  const stranger = new Stranger(server);
  try {
    for (const kind of KINDS.filter(({ isQuick }) => isQuick || !values.quick))
      report(platform, kind, await measure(stranger, kind));
  } finally {
    stranger.close();
    await server.stop();
  }
}

function report(
  platform: string,
  { title, isJudged }: Kind,
  { guarded, unguarded }: Record<Route, number>,
): void {
  const ratio = guarded / unguarded;
  const passed = !isJudged || ratio <= bar;
  const verdict = isJudged ? `, ${passed ? 'within' : 'ABOVE'} the bar of ${bar}` : '';
  const costs = `${(guarded / 1000).toFixed(2)} ms, unguarded ${(unguarded / 1000).toFixed(2)} ms`;
  console.log(`${platform}, ${title}: ${costs}, ratio ${ratio.toFixed(2)}${verdict}`);
  if (!passed) process.exitCode = 1;
}
