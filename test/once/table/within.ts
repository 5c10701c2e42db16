/** In ms: nothing here waits for anything but the test itself. */
const BOUND = 2000;

/** Time for all that waits for nobody. */
export async function someTurns(): Promise<void> {
  for (let turns = 100; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
}

/** So that a fault is a sentence, and not a test that hangs. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`never ${what}`)), BOUND);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
