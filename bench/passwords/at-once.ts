/** Runs `work` for each number below `count`, `atOnce` at a time; resolves to the time taken, in s. */
export async function timeAll(
  count: number,
  atOnce: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  const numbers = Array.from({ length: count }, (_, number) => number).values();
  const worker = async () => {
    for (const number of numbers) await work(number);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - start) / 1000;
}

/** Keeps `work` running, `atOnce` at a time, while `during` runs. */
export async function alongside<T>(
  atOnce: number,
  work: (number: number) => Promise<unknown>,
  during: () => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const worker = async (number: number) => {
    while (!end.signal.aborted) await work(number);
  };
  const workers = Promise.all(Array.from({ length: atOnce }, (_, number) => worker(number)));
  // Awaited below; until then a rejection must not end the process.
  workers.catch(() => undefined);
  try {
    return await during();
  } finally {
    end.abort();
    await workers;
  }
}
