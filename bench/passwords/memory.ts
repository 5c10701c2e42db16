import type { Presented } from './subjects.js';
import { ask, authorization } from '../../test/invitations/ask.js';
import { ServerProcess } from '../server.process.js';
import type { Command } from './guessed.server.js';

const MEBIBYTE = 2 ** 20;
const script = new URL('guessed.server.js', import.meta.url);

/** Memory that concurrent guesses took in a fresh process, and their outcomes. */
export interface Growth {
  readonly way: string;
  /** Peak growth of the resident memory, in MiB. */
  readonly growth: number;
  /** Guesses by outcome. */
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
    server.request<string[]>({ action: 'guess', uuid, passwords } satisfies Command),
};

/** Sends many wrong guesses at one ticket at once, over HTTP and through the service. */
export async function measureGrowth(url: string, { uuid }: Presented, guests: number): Promise<Growth[]> {
  const passwords = Array.from({ length: guests }, (_, number) => `wrong ${number}`);
  const found: Growth[] = [];
  for (const [way, guess] of Object.entries(WAYS)) {
    const server = await ServerProcess.start(url, { script });
    try {
      await server.request({ action: 'watch memory' } satisfies Command);
      const outcomes = await guess(server, uuid, passwords);
      const growth = await server.request<number>({ action: 'report growth' } satisfies Command);
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
