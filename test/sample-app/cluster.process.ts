import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import { freePort } from '../support/free-port.js';
import { afterwards } from '../support/suite-scope.js';

/** The sample app as several processes, as `npm run sample:cluster` starts it. */
export interface RunningCluster {
  /** The one address. */
  readonly url: string;
  readonly nodes: readonly { readonly url: string; readonly pid: number }[];
  /** The name of its database. */
  readonly database: string;
  /** Sends the signal; resolves to the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts it on a server; it ends after the test, or after the block. */
export async function startCluster(server: string): Promise<RunningCluster> {
  const port = await freePort();
  const child = fork(inject('sampleCluster'), {
    env: {
      ...process.env,
      POSTGRES_URL: server,
      PORT: String(port),
      BASE_URL: 'http://localhost:3000',
      TICKET_OFFICE_SECRET: 'a secret of at least 32 characters',
      REQUESTS_PER_MINUTE: '1000',
      NO_COLOR: '1',
    },
    silent: true,
    execArgv: [],
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return (await exit)[0];
  };
  afterwards(() => end('SIGTERM'));
  const log = await logUntil(child.stdout!, / is open at /);
  child.stdout!.resume();
  child.stderr!.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    nodes: [...log.matchAll(/process (\d+), (http:\S+)/g)].map(([, pid, url]) => ({
      url: url!,
      pid: Number(pid),
    })),
    database: /Database: (\w+)/.exec(log)![1]!,
    end,
  };
}

async function logUntil(stream: NodeJS.ReadableStream, last: RegExp): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface(stream)) {
    lines.push(line);
    if (last.test(line)) return lines.join('\n');
  }
  throw new Error(`the cluster has not started:\n${lines.join('\n')}`);
}
