import ms, { type StringValue } from 'ms';

/** A clock that stands still until a test moves it. */
export class TestClock {
  #time: number;

  constructor(start: string | Date = '2026-01-01T00:00:00Z') {
    this.#time = new Date(start).getTime();
  }

  /** Bound, and a fresh Date each time: it can be passed on by itself, and nobody can turn it by its value. */
  readonly now = (): Date => new Date(this.#time);

  /** Moves by a duration such as `'5m'`, or by milliseconds; a negative one moves back. */
  advance(by: StringValue | number): void {
    this.#time += typeof by === 'number' ? by : ms(by);
  }
}
