import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Start {
  /** The script: gets the database's URL, and sends its port. @default the server of redemptions */
  readonly script?: URL;
  /** Node.js flags, such as `--cpu-prof`. */
  readonly execArgv?: string[];
}

/** The server under test, in a process of its own. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly failed: Promise<never>,
  ) {}

  static async start(databaseUrl: string, { script, execArgv = [] }: Start = {}): Promise<ServerProcess> {
    const path = fileURLToPath(script ?? new URL('server.js', import.meta.url));
    const child = fork(path, [databaseUrl], { execArgv });
    const failed = failure(child);
    // It ends when it is stopped, too, and then nobody waits for it.
    failed.catch(() => undefined);
    const [port] = (await Promise.race([once(child, 'message'), failed])) as [number];
    return new ServerProcess(child, port, failed);
  }

  /** Sends a message; resolves to its reply. One at a time. */
  async request<T>(message: object): Promise<T> {
    const reply = Promise.race([once(this.child, 'message'), this.failed]);
    this.child.send(message);
    const [result] = await reply;
    return result as T;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }
}

async function failure(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`The server ended with ${code ?? 'a signal'} before it answered`);
}
