import { Logger } from '@nestjs/common';
import { Observable, type Observer, type Operator, Subscriber, type Subscription } from 'rxjs';

const logger = new Logger('TicketOfficeEvents');

/**
 * An Observable whose subscribers may throw: their errors are logged, and reach neither the emitter nor the other
 * subscribers, nor do they end the process, as RxJS would let them. Covers the operators of `pipe`, too, but not other
 * streams that it is merged with, or that are subscribed to within.
 */
export class HarmlessStream<T> extends Observable<T> {
  override subscribe(
    observerOrNext?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // RxJS's own subscriber between two operators: it passes errors on to the observer at the end.
    if (observerOrNext instanceof Subscriber) return super.subscribe(observerOrNext);
    const given =
      typeof observerOrNext === 'function' ? { next: observerOrNext, error, complete } : observerOrNext;
    return super.subscribe(harmless((given ?? {}) as Partial<Observer<T>>));
  }

  // RxJS calls it for each operator: without it, the result would be a plain Observable.
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
    // An async function does not throw, it rejects.
    void Promise.resolve(call()).catch(report);
  } catch (error) {
    report(error);
  }
}

const report = (error: unknown): void =>
  logger.error('A subscriber of events$ has thrown; nothing else is affected', error);
