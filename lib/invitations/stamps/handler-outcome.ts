import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, StreamableFile } from '@nestjs/common';
import { lastValueFrom, tap, throwIfEmpty, toArray } from 'rxjs';
import { declaredStatus, redirectStatus, streamsIterables } from '../../nest.internals.js';
import { failingWhenRead } from '../../nest.versions.js';
import { nodeResponseOf, responseOf } from '../guest-request.js';
import type { GuestWait } from './guest-wait.js';
import { type Access, ResponseAccess } from './response-access.js';
import { awaitFirstChunk, close, responseStatus } from './response-body.js';
import { StatusWatch } from './status-watch.js';

/** Decides whether a handler has succeeded, by what the handler itself does. */
@Injectable()
export class HandlerOutcome {
  constructor(private readonly access: ResponseAccess) {}

  /** Begins to observe a call of the handler. */
  observe(context: ExecutionContext, guestWait: GuestWait): HandlerCall {
    const own = responseOf(context);
    const response = own === undefined ? undefined : nodeResponseOf(own);
    const access = response ? this.access.of(context) : 'none';
    return new HandlerCall(context, response, access, guestWait);
  }
}

/** One call of a handler. Outside HTTP there is no response, and only an exception is a failure. */
export class HandlerCall {
  /** Nest sends nothing: the handler sends the response, and may have done so already. */
  private readonly answersItself: boolean;
  /** Only where the status can be set: on Node.js 20 and 22, async contexts cost a twentieth of a redemption. */
  private watch: StatusWatch | undefined;
  private hasFailed = false;

  constructor(
    private readonly context: ExecutionContext,
    private readonly response: ServerResponse | undefined,
    private readonly access: Access,
    private readonly guestWait: GuestWait,
  ) {
    this.answersItself = access === 'sends';
  }

  /**
   * Runs the handler.
   *
   * @returns its last value, as Nest sends no other; outside HTTP, where each may be sent, all of them
   * @throws what the handler throws
   */
  async run(next: CallHandler<unknown>): Promise<unknown[]> {
    const handle = () => next.handle().pipe(throwIfEmpty());
    if (!this.response) return lastValueFrom(handle().pipe(toArray()));
    if (this.access !== 'none') this.watch = new StatusWatch(this.response);
    const last = () => lastValueFrom(handle().pipe(tap(this.closingEarlier())));
    return [await this.watched(last)];
  }

  /**
   * Waits for the first chunk of a stream that Nest is to send.
   *
   * @returns what to send
   * @throws what the stream fails with before that
   */
  async begin(values: readonly unknown[]): Promise<readonly unknown[]> {
    if (!this.response || this.answersItself || typeof values[0] !== 'object') return values;
    const begin = () => Promise.all(values.map((value) => awaitFirstChunk(value, this.guestWait)));
    try {
      return await this.watched(begin);
    } catch (error) {
      const [file] = values;
      const failure = file instanceof StreamableFile && file.getStream().errored;
      if (!failure) throw error;
      // Its own error handler answers.
      this.hasFailed = true;
      return [failingWhenRead(file, failure)];
    }
  }

  /** Whether a handler has returned that will send the response by itself, in a callback for example. */
  get isAtWork(): boolean {
    return this.answersItself && !this.isAnswered;
  }

  /** Resolves once the response has begun, or is over. */
  answered(): Promise<void> {
    return this.watch!.answered();
  }

  /** Whether the handler refuses by the status that it sets, declares or returns, whatever is sent in its place. */
  isFailure([value]: readonly unknown[]): boolean {
    if (!this.response || this.hasFailed) return this.hasFailed;
    const handler = this.context.getHandler();
    const returned = this.answersItself ? undefined : this.returnedStatus(handler, value);
    return (returned ?? this.watch?.status ?? declaredStatus(handler) ?? 200) >= 400;
  }

  private returnedStatus(handler: Function, value: unknown): number | undefined {
    const isFastify = responseOf(this.context) !== this.response;
    // Fastify sends an error that is returned as one that is thrown; Express, as JSON.
    if (value instanceof Error && isFastify) return 500;
    const sendsResponses = isFastify || streamsIterables;
    return redirectStatus(handler, value) ?? (sendsResponses ? responseStatus(value) : undefined);
  }

  /** Whether the response has begun, or is over: what the handler returns is not sent any more. */
  get isAnswered(): boolean {
    return this.response !== undefined && (this.response.headersSent || this.response.destroyed);
  }

  /** Closes an answer that is not sent; not where the handler may send the response: it may be sending this. */
  close(values: readonly unknown[]): void {
    if (this.access === 'sets' || this.access === 'none') values.forEach(close);
  }

  /**
   * Calls back when the guest gets an error although the handler has succeeded: Nest, the platform or an interceptor
   * outside has failed to send what it has returned. Not for an answer that has begun, nor when the guest hangs up.
   */
  onUndelivered(tell: (status: number) => void): void {
    const { response } = this;
    if (!response || this.isAnswered) return;
    // Emitted once: `once()` would cost each redemption one function more.
    response.on('finish', () => {
      if (response.statusCode >= 400) tell(response.statusCode);
    });
  }

  /** Ends the observation. */
  stop(): void {
    this.watch?.stop();
  }

  private watched<T>(work: () => T): T {
    return this.watch ? this.watch.run(work) : work();
  }

  private closingEarlier(): (value: unknown) => void {
    let last: unknown;
    return (value) => {
      if (value !== last) this.close([last]);
      last = value;
    };
  }
}
