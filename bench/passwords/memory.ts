import type { Shown } from './subjects.js';
import { ask, authorization } from '../../test/invitations/ask.js';
import { ServerProcess } from '../server.process.js';
import type { Order } from './guessed.server.js';

const MEBIBYTE = 2 ** 20;
const script = new URL('guessed.server.js', import.meta.url);

/** What guesses that came at once took of a process that was new, and what became of them. */
export interface Growth {
  readonly way: string;
  /** Of the resident memory, at most; in MiB. */
  readonly growth: number;
  /** How many had each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
}

type Guesses = (server: ServerProcess, uuid: string, passwords: readonly string[]) => Promise<string[]>;

const WAYS: Record<string, Guesses> = {
  'over HTTP': (server, uuid, passwords) =>
    Promise.all(
      passwords.map(async (password) => {
        const answer = await ask(server.port, '/louvre', { headers: authorization({ uuid, password }) });
        return String(answer.status);
      }),
    ),
  'by the service': (server, uuid, passwords) =>
    server.order<string[]>({ action: 'guess', uuid, passwords } satisfies Order),
};

/** Lets many guess wrongly at one ticket, at the same time, over HTTP and through the service. */
export async function measureGrowth(url: string, { uuid }: Shown, guests: number): Promise<Growth[]> {
  const passwords = Array.from({ length: guests }, (_, number) => `wrong ${number}`);
  const found: Growth[] = [];
  for (const [way, guess] of Object.entries(WAYS)) {
    const server = await ServerProcess.start(url, { script });
    try {
      await server.order({ action: 'watch memory' } satisfies Order);
      const outcomes = await guess(server, uuid, passwords);
      const growth = await server.order<number>({ action: 'tell growth' } satisfies Order);
      found.push({ way, growth: growth / MEBIBYTE, outcomes: countsOf(outcomes) });
    } finally {
      await server.stop();
    }
  }
  return found;
}

function countsOf(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
