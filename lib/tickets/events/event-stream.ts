import { Logger } from '@nestjs/common';
import { Observable, type Observer, type Operator, Subscriber, type Subscription } from 'rxjs';

const logger = new Logger('TicketOfficeEvents');

/**
 * An Observable whose subscribers harm nobody when they throw: neither what they were told of, nor each other, nor the
 * process, which RxJS would let die of it. What they throw is logged. Their operators (`pipe`) are covered, too; not
 * other streams that it is merged with, or subscribed to within.
 */
export class HarmlessStream<T> extends Observable<T> {
  override subscribe(
    observerOrNext?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // RxJS's own, between two operators: its errors go on to the observer at the end.
    if (observerOrNext instanceof Subscriber) return super.subscribe(observerOrNext);
    const given =
      typeof observerOrNext === 'function' ? { next: observerOrNext, error, complete } : observerOrNext;
    return super.subscribe(harmless((given ?? {}) as Partial<Observer<T>>));
  }

  // What RxJS calls for each operator: the result is to be of this kind again.
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    return Object.assign(new HarmlessStream<R>(), { source: this, operator });
  }
}

function harmless<T>(observer: Partial<Observer<T>>): Partial<Observer<T>> {
  return {
    next: (value) => guarded(() => observer.next?.(value)),
    error: (error) => (observer.error ? guarded(() => observer.error?.(error)) : report(error)),
    complete: () => guarded(() => observer.complete?.()),
  };
}

function guarded(call: () => unknown): void {
  try {
    // An async function throws by its promise.
    void Promise.resolve(call()).catch(report);
  } catch (error) {
    report(error);
  }
}

const report = (error: unknown): void =>
  logger.error('A subscriber of events$ has failed; nothing else has', error);
