import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** How long a child may take to end, in ms: the app itself waits up to ten seconds for its handlers. */
const PATIENCE = 15_000;

/** A process of the cluster. It ends when its channel to this process closes, so also when this one is killed. */
export class Child<T> {
  private constructor(
    private readonly child: ChildProcess,
    /** What it has sent when it was ready. */
    readonly ready: T,
    private readonly ended: Promise<unknown>,
  ) {}

  /** @param script beside this file, without its ending */
  static async start<T>(script: string, env: Record<string, string> = {}): Promise<Child<T>> {
    const child = fork(join(import.meta.dirname, `${script}.js`), {
      env: { ...process.env, ...env },
      // Ctrl+C reaches every process of the terminal's group at once: these have to end in their order.
      detached: true,
    });
    const ended = once(child, 'exit');
    const ready = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
    if (!ready) throw new Error(`${script} has ended before it was ready; its log says why`);
    return new Child(child, ready[0] as T, ended);
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Calls back when it ends, however it does. */
  onEnd(listener: () => unknown): void {
    void this.ended.then(listener);
  }

  /** Lets it end by itself; kills it when it does not. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE);
    if (this.child.connected) this.child.disconnect();
    await this.ended;
    clearTimeout(timer);
  }
}
