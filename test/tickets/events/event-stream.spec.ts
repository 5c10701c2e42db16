import { Logger } from '@nestjs/common';
import { filter, firstValueFrom, map, Subject, take, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { HarmlessStream } from '../../../lib/tickets/events/event-stream.js';

describe('A subscriber of the events', () => {
  let source: Subject<number>;
  let stream: HarmlessStream<number>;
  let logged: MockInstance;
  const seen: number[] = [];
  const failed = vi.fn();
  beforeEach(() => {
    source = new Subject();
    stream = new HarmlessStream((subscriber) => source.subscribe(subscriber));
    logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    seen.length = 0;
    failed.mockReset();
    process.on('uncaughtException', failed);
    process.on('unhandledRejection', failed);
  });
  afterEach(() => {
    process.off('uncaughtException', failed);
    process.off('unhandledRejection', failed);
    vi.restoreAllMocks();
  });

  /** RxJS throws what nobody has caught in a timer. */
  const nobodyHarmed = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(failed).not.toHaveBeenCalled();
    expect(logged).toHaveBeenCalledWith(expect.stringContaining('events$'), expect.any(Error));
  };
  const fail = (): never => {
    throw new Error('a slip of the app');
  };

  it.each<[string, () => unknown]>([
    ['throws', () => stream.subscribe(fail)],
    ['throws as an observer', () => stream.subscribe({ next: fail })],
    // oxlint-disable-next-line typescript/no-misused-promises -- what an app may do
    ['rejects', () => stream.subscribe(async () => fail())],
    [
      'throws behind operators',
      () =>
        stream
          .pipe(
            filter(() => true),
            map(String),
          )
          .subscribe(fail),
    ],
    ['has an operator that throws', () => stream.pipe(map(fail)).subscribe(() => undefined)],
    ['throws at an error', () => stream.pipe(map(fail)).subscribe({ error: fail })],
  ])('that %s harms neither the process nor others', async (_, subscribe) => {
    stream.subscribe((value) => seen.push(value));
    subscribe();
    stream.subscribe((value) => seen.push(value));
    source.next(1);
    source.next(2);
    expect(seen).toEqual([1, 1, 2, 2]);
    await nobodyHarmed();
  });

  it('that throws gets the next event all the same', async () => {
    stream.subscribe((value) => {
      seen.push(value);
      fail();
    });
    source.next(1);
    source.next(2);
    expect(seen).toEqual([1, 2]);
    await nobodyHarmed();
  });

  it('may unsubscribe, and gets the end', async () => {
    const ended = vi.fn();
    const subscription = stream.subscribe((value) => seen.push(value));
    stream.subscribe({ complete: ended });
    source.next(1);
    subscription.unsubscribe();
    source.next(2);
    source.complete();
    expect(seen).toEqual([1]);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('may be a promise, or a chain of operators', async () => {
    const first = firstValueFrom(stream);
    const all = firstValueFrom(
      stream.pipe(
        filter((value) => value > 1),
        take(2),
        toArray(),
      ),
    );
    for (const value of [1, 2, 3]) source.next(value);
    expect(await first).toBe(1);
    expect(await all).toEqual([2, 3]);
  });
});
