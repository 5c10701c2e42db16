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
  /** The property of the response itself, if it has one: of HTTP/1, or of a library that watches, too. */
  private readonly own: PropertyDescriptor | undefined;
  private readonly accessor: PropertyDescriptor | undefined;
  private readonly watching: PropertyDescriptor = {
    configurable: true,
    enumerable: true,
    get: () => this.read(),
    set: (status: number) => {
      this.assign(status);
    },
  };
  private current: number;
  private onAssigned: () => void = () => undefined;

  constructor(private readonly response: Response) {
    this.current = response.statusCode;
    this.own = Object.getOwnPropertyDescriptor(response, 'statusCode');
    this.accessor = accessorOf(response, 'statusCode');
    // Where a library has made it its own for good, no status is seen.
    Reflect.defineProperty(response, 'statusCode', this.watching);
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

  /** Leaves the response as it would be without a watch; one that a later watch stands on stays, and sees nothing. */
  stop(): void {
    const { response, own, accessor, current: value } = this;
    this.onAssigned = () => undefined;
    if (Object.getOwnPropertyDescriptor(response, 'statusCode')?.get !== this.watching.get) return;
    Reflect.deleteProperty(response, 'statusCode');
    if (own) Object.defineProperty(response, 'statusCode', accessor ? own : { ...own, value });
    else if (!accessor) response.statusCode = value;
  }

  private read(): number {
    return this.accessor ? (this.accessor.get!.call(this.response) as number) : this.current;
  }

  private assign(status: number): void {
    // To send headers assigns the same status again, also where somebody else has set it.
    if (status !== this.read() && running.getStore() === this) this.status = status;
    if (this.accessor) this.accessor.set!.call(this.response, status);
    else this.current = status;
    this.onAssigned();
  }
}

/** HTTP/2 responses have their status in an accessor of their class, HTTP/1 responses in a property of their own. */
function accessorOf(object: object | null, name: string): PropertyDescriptor | undefined {
  if (!object) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(object, name);
  if (descriptor?.get && descriptor.set) return descriptor;
  return accessorOf(Object.getPrototypeOf(object) as object | null, name);
}
