import type { Canaries } from './canaries.js';
import { inDepth } from './in.depth.js';

/** Where something was seen. */
export type Source =
  'log' | 'sql' | 'access log' | 'event' | 'error' | 'answer' | 'result' | 'output' | 'table';

interface Sighting {
  readonly source: Source;
  readonly text: string;
}

/** Writes down all that can be seen of an app. */
export class Witness {
  /** What kinds of things have happened, so that nobody takes silence for discretion. */
  readonly met = new Set<string>();
  readonly #sightings: Sighting[] = [];

  /** Looks at the values now: they may be changed later, and what was in them then would be missed. */
  note(source: Source, ...values: unknown[]): void {
    this.met.add(source);
    for (const value of values) this.#sightings.push({ source, text: inDepth(value) });
  }

  /** What gives secrets away of all that was seen since this was asked last. */
  leaks(canaries: Canaries): string[] {
    return this.#sightings
      .splice(0)
      .flatMap(({ source, text }) =>
        canaries.findIn(text).map((name) => `${source} gives ${name} away: ${text.slice(0, 300)}`),
      );
  }
}
