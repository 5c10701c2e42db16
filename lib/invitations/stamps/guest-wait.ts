import type { Subscriber } from 'rxjs';

/** Waits for work, but no longer than the guest waits for the answer. Never rejects. */
export type GuestWait = (work: Promise<unknown>) => Promise<void>;

/**
 * @param disconnectSignal returns the signal of the guest's connection
 * @param guest closed by an interceptor outside that gives up
 */
export const guestWait =
  (disconnectSignal: () => AbortSignal, guest?: Subscriber<unknown>): GuestWait =>
  async (work) => {
    const disconnected = disconnectSignal();
    let leave!: () => void;
    const left = new Promise<void>((resolve) => (leave = resolve));
    guest?.add(leave);
    disconnected.addEventListener('abort', leave);
    if (disconnected.aborted) leave();
    await Promise.race([work.catch(() => undefined), left]);
    guest?.remove(leave);
    disconnected.removeEventListener('abort', leave);
  };
