import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';

type Response = Pick<ServerResponse, 'statusCode' | 'headersSent' | 'once' | 'off'>;

/** The handler in whose async context the code runs. */
const running = new AsyncLocalStorage<StatusWatch>();

/**
 * Tells the status that a handler sets from those that others set meanwhile: a time-out or a hook of the platform works
 * on the same response. Every way to set one, `reply.code()` and `writeHead()` included, assigns `statusCode`; the async
 * context says whether the handler did.
 */
export class StatusWatch {
  /** The last status that the handler has set. */
  status: number | undefined;
  private readonly inherited: PropertyDescriptor | undefined;
  private current: number;
  private onAssigned: () => void = () => undefined;

  constructor(private readonly response: Response) {
    this.current = response.statusCode;
    this.inherited = inheritedAccessor(response, 'statusCode');
    Object.defineProperty(response, 'statusCode', {
      configurable: true,
      enumerable: true,
      get: () => this.read(),
      set: (status: number) => {
        this.assign(status);
      },
    });
  }

  /** Calls the handler: what runs in its async context is its own doing. */
  run<T>(handler: () => T): T {
    return running.run(this, handler);
  }

  /** Resolves once the headers of the response are on their way, or the response is over. */
  answered(): Promise<void> {
    const { response } = this;
    return new Promise((resolve) => {
      const end = () => {
        response.off('finish', end).off('close', end);
        resolve();
      };
      response.once('finish', end).once('close', end);
      // writeHead() assigns the status, and then sends it.
      this.onAssigned = () => queueMicrotask(() => response.headersSent && end());
    });
  }

  /** Leaves the response as it would be without a watch. */
  stop(): void {
    Reflect.deleteProperty(this.response, 'statusCode');
    if (!this.inherited) this.response.statusCode = this.current;
  }

  private read(): number {
    return this.inherited ? (this.inherited.get!.call(this.response) as number) : this.current;
  }

  private assign(status: number): void {
    // Sending the headers assigns the status once more, unchanged.
    if (status !== this.read() && running.getStore() === this) this.status = status;
    if (this.inherited) this.inherited.set!.call(this.response, status);
    else this.current = status;
    this.onAssigned();
  }
}

/** HTTP/2 responses have their status in an accessor of their class, HTTP/1 responses in a property of their own. */
function inheritedAccessor(object: object, name: string): PropertyDescriptor | undefined {
  const prototype = Object.getPrototypeOf(object) as object | null;
  if (!prototype) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  return descriptor?.get && descriptor.set ? descriptor : inheritedAccessor(prototype, name);
}
