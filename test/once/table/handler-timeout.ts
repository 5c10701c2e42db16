import { afterwards } from '../../support/suite-scope.js';

/** An odd one, by which its timers are known. */
export const HANDLER_TIMEOUT = 86_399_999;

/**
 * Takes Fastify's timers of `handlerTimeout` in hand, to the end of the test or block: they fire when a test says so.
 *
 * @returns takes the newest timer
 */
export function holdHandlerTimeouts(): () => () => void {
  const { setTimeout: real } = globalThis;
  let newest: () => void = () => undefined;
  const held = (callback: (...rest: unknown[]) => void, delay?: number, ...rest: unknown[]) => {
    if (delay !== HANDLER_TIMEOUT) return real(callback, delay, ...rest);
    newest = callback;
    return real(() => undefined, 0);
  };
  globalThis.setTimeout = Object.defineProperties(
    held,
    Object.getOwnPropertyDescriptors(real),
  ) as unknown as typeof setTimeout;
  afterwards(() => {
    globalThis.setTimeout = real;
  });
  return () => newest;
}
