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
  /** What kinds of things have happened: silence proves nothing of what did not happen. */
  readonly met = new Set<string>();
  readonly #stored = new Set<string>();
  #sightings: Sighting[] = [];

  /** Looks at the values now: they may be changed later, and what was in them then would be missed. */
  note(source: Source, ...values: unknown[]): void {
    this.met.add(source);
    for (const value of values) this.#sightings.push({ source, text: inDepth(value) });
  }

  /** Looks at what the database keeps, once at each piece: what has not changed since cannot hold a newer secret. */
  noteStored(pieces: readonly string[]): void {
    this.met.add('table');
    for (const text of pieces) {
      if (!this.#stored.has(text)) this.#sightings.push({ source: 'table', text });
      this.#stored.add(text);
    }
  }

  /** What gives secrets away of all that was noted since the last call. */
  leaks(canaries: Canaries): string[] {
    const sources = new Map(this.#sightings.map(({ source, text }) => [text, source]));
    this.#sightings = [];
    return [...sources].flatMap(([text, source]) =>
      canaries.findIn(text).map((name) => `${source} gives ${name} away: ${text.slice(0, 300)}`),
    );
  }
}
