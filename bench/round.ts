import type { Client } from './client.js';

export type Route = 'ours' | 'by-hand' | 'unguarded';

/** The total cost of requests to one route. */
export interface Effort {
  requests: number;
  /** Wall time, in s. */
  seconds: number;
  /** CPU time of the server, in µs. */
  cpu: number;
}

export type Round = Record<Route, Effort>;

/** Both redeeming routes run before and after each other, so that a machine that slows down favours neither. */
const STRETCHES: readonly Route[] = [
  ...(['ours', 'by-hand', 'by-hand', 'ours', 'unguarded'] as const),
  ...(['by-hand', 'ours', 'ours', 'by-hand', 'unguarded'] as const),
  ...(['ours', 'by-hand', 'by-hand', 'ours', 'unguarded'] as const),
];

/** Tickets needed for a round. */
export const ticketsOf = (stretch: number): number =>
  STRETCHES.filter((route) => route !== 'unguarded').length * stretch;

/** One round of short stretches. Its tickets are issued before the first. */
export async function runRound(client: Client, stretch: number): Promise<Round> {
  const tickets = (await client.send('POST', `/tickets/${ticketsOf(stretch)}`)) as string[];
  const round = { ours: nothing(), 'by-hand': nothing(), unguarded: nothing() };
  for (const route of STRETCHES) {
    const shown = route === 'unguarded' ? noTickets(stretch) : tickets.splice(0, stretch);
    await measure(client, route, shown, round[route]);
  }
  return round;
}

const noTickets = (count: number): string[] => Array.from({ length: count }, () => 'Ticket none');

const nothing = (): Effort => ({ requests: 0, seconds: 0, cpu: 0 });

async function measure(client: Client, route: Route, shown: readonly string[], sum: Effort): Promise<void> {
  const cpu = Number(await client.send('GET', '/cpu'));
  const start = performance.now();
  await client.sendAll(`/${route}`, shown);
  sum.seconds += (performance.now() - start) / 1000;
  sum.cpu += Number(await client.send('GET', '/cpu')) - cpu;
  sum.requests += shown.length;
}
