import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import { afterwards } from '../support/suite-scope.js';
import type { Actions, Order, Report } from './app.child.js';
import type { AppSettings } from './app.settings.js';
import type { Door } from './door.js';
import type { House } from './house.js';

type Result<A extends keyof Actions> = Awaited<ReturnType<Actions[A]>>;

/** Those that must not outlive the tests, stalled ones included. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** An app of the house in each process, on Fastify and Express in turns. */
export const openDoors = (house: House, processes: readonly AppProcess[]): Promise<Door[]> =>
  Promise.all(
    processes.map((process, index) =>
      process.open(house.app({ name: `door ${index}`, platform: index % 2 ? 'Express' : 'Fastify' })),
    ),
  );

/** A process for apps, that can be ended or stalled at any point of a request's way. */
export class AppProcess {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #arrivals = new Map<string, () => unknown>();
  #orders = 0;

  /** It is killed after the test, or after the block, whatever state it is in. */
  constructor() {
    this.#child = fork(inject('appChild'), { execArgv: [] });
    this.#child.on('message', (report: Report) => this.hear(report));
    running.add(this.#child);
    this.#child.once('exit', () => {
      running.delete(this.#child);
      for (const { reject } of this.#pending.values()) reject(new Error('The process of the app has ended'));
    });
    afterwards(() => this.kill());
  }

  /** Opens an app in it, which closes after the test, or after the block. */
  async open(settings: AppSettings): Promise<Door> {
    const port = await this.order('open', settings);
    afterwards(() => this.close(port));
    return {
      name: settings.name,
      port,
      hold: (point, uuid, arrived = () => undefined) => {
        this.#arrivals.set(String([point, uuid]), arrived);
        return this.order('hold', point, uuid);
      },
      // Whoever has ended needs no leave.
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
  }

  private get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
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

  private hear(report: Report): void {
    if ('reached' in report) this.#arrivals.get(String(report.reached))?.();
    else if ('done' in report) this.settle(report.done).resolve(report.result);
    else this.settle(report.failed).reject(new Error(report.reason));
  }

  private settle(id: number): Pending {
    const pending = this.#pending.get(id)!;
    this.#pending.delete(id);
    return pending;
  }
}
