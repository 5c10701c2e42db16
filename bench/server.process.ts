import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The server under test, in a process of its own. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** @param execArgv flags of its Node.js, such as `--cpu-prof` */
  static async start(databaseUrl: string, execArgv: string[] = []): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [databaseUrl], { execArgv });
    const [port] = (await Promise.race([once(child, 'message'), failure(child)])) as [number];
    return new ServerProcess(child, port);
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
  throw new Error(`The server ended with ${code ?? 'a signal'} before it listened`);
}
