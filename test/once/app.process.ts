import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import { afterwards } from '../support/suite-scope.js';
import type { Actions, Order, Report } from './app.child.js';
import type { AppSettings } from './app.settings.js';
import type { AppServer } from './app.server.js';
import type { Setup } from './setup.js';

type Result<A extends keyof Actions> = Awaited<ReturnType<Actions[A]>>;

/** Child processes of this worker, whose spec files have modules of their own. */
const children = ((
  globalThis as { appProcesses?: { running: Set<ChildProcess>; idle: ChildProcess[] } }
).appProcesses ??= startKeeping());

function startKeeping() {
  /** Those that must not outlive the tests, stalled ones included. */
  const running = new Set<ChildProcess>();
  process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
  /** Without an app, kept for the next spec: to start one takes two seconds of a processor. */
  return { running, idle: [] as ChildProcess[] };
}

function takeChild(): ChildProcess {
  for (let child = children.idle.pop(); child; child = children.idle.pop()) {
    if (isRunning(child)) return child;
  }
  const child = fork(inject('appChild'), { execArgv: [] });
  children.running.add(child);
  child.once('exit', () => children.running.delete(child));
  return child;
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** An app of the setup in each process, on Fastify and Express in turns. */
export const startServers = (setup: Setup, processes: readonly AppProcess[]): Promise<AppServer[]> =>
  Promise.all(
    processes.map((process, index) =>
      process.open(setup.app({ name: `server ${index}`, platform: index % 2 ? 'Express' : 'Fastify' })),
    ),
  );

/** A process for apps, that can be ended or stalled at any point of a request's way. */
export class AppProcess {
  readonly #child = takeChild();
  readonly #ports = new Set<number>();
  readonly #pending = new Map<number, Pending>();
  readonly #arrivals = new Map<string, () => unknown>();
  #orders = 0;

  /** After the test, or after the block, another spec has it, or it is killed: if it has ended, stalls or has an app. */
  constructor() {
    this.#child.on('message', this.#hear);
    this.#child.once('exit', this.#fail);
    afterwards(() => this.dispose());
  }

  /** Opens an app in it, which closes after the test, or after the block. */
  async open(settings: AppSettings): Promise<AppServer> {
    const port = await this.order('open', settings);
    this.#ports.add(port);
    afterwards(() => this.close(port));
    return {
      name: settings.name,
      port,
      hold: (point, uuid, arrived = () => undefined) => {
        this.#arrivals.set(String([point, uuid]), arrived);
        return this.order('hold', point, uuid);
      },
      // A process that has ended holds nothing.
      letGo: (point, uuid) => void this.order('letGo', point, uuid).catch(() => undefined),
    };
  }

  /** Ends it as a power cut does. */
  kill(): Promise<void> {
    return this.end(() => this.#child.kill('SIGKILL'));
  }

  /** Ends it as a deployment does: it closes what it has open. */
  stop(): Promise<void> {
    return this.end(() => this.#child.disconnect());
  }

  /** It does nothing any more, and knows nothing of it, until it is woken. */
  stall(): void {
    this.#child.kill('SIGSTOP');
  }

  wake(): void {
    this.#child.kill('SIGCONT');
  }

  private async close(port: number): Promise<void> {
    if (this.hasEnded) return;
    this.wake();
    await this.order('close', port);
    this.#ports.delete(port);
  }

  private async dispose(): Promise<void> {
    if (this.hasEnded) return;
    if (this.#ports.size > 0 || this.#pending.size > 0) return this.kill();
    this.#child.off('message', this.#hear).off('exit', this.#fail);
    children.idle.push(this.#child);
  }

  private get hasEnded(): boolean {
    return !isRunning(this.#child);
  }

  private async end(act: () => unknown): Promise<void> {
    if (this.hasEnded) return;
    const exit = once(this.#child, 'exit');
    act();
    await exit;
  }

  private order<A extends keyof Actions>(action: A, ...parameters: Parameters<Actions[A]>) {
    this.#orders += 1;
    const order: Order<A> = { id: this.#orders, action, parameters };
    const result = new Promise<unknown>((resolve, reject) =>
      this.#pending.set(order.id, { resolve, reject }),
    );
    this.#child.send(order);
    return result as Promise<Result<A>>;
  }

  readonly #fail = () => {
    for (const { reject } of this.#pending.values()) reject(new Error('The process of the app has ended'));
  };

  readonly #hear = (report: Report) => {
    if ('reached' in report) this.#arrivals.get(String(report.reached))?.();
    else if ('done' in report) this.settle(report.done).resolve(report.result);
    else this.settle(report.failed).reject(new Error(report.reason));
  };

  private settle(id: number): Pending {
    const pending = this.#pending.get(id)!;
    this.#pending.delete(id);
    return pending;
  }
}
