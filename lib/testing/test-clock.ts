import { type Duration, toDuration } from '../tickets/input/duration.js';
import { readInstant } from '../tickets/input/instant.js';
import { dateProblem } from '../tickets/input/rules.js';
import { TicketInputError } from '../tickets/ticket.errors.js';

/**
 * A clock that stands still until a test moves it. Tickets know no other: `ticket.status()` and `ticket.expired` read
 * the system's clock, so write `ticket.status(clock.now())`.
 *
 * @example
 * const clock = new TestClock();
 * TicketOfficeTestingModule.forRoot({ clock });
 * clock.advance('5d');
 */
export class TestClock {
  #time: number;

  /**
   * @param start an instant, or its text in ISO 8601: a day, or a day and a time with its zone
   * @default the present
   * @throws TicketInputError for anything else
   */
  constructor(start: Date | string = new Date()) {
    this.#time = instant('new TestClock()', start);
  }

  /** The instant at which the clock stands: a new Date each time. Needs no `this`: `now: clock.now`. */
  readonly now = (): Date => new Date(this.#time);

  /**
   * Moves on.
   *
   * @param by in ms, or text such as `'5d'`
   * @throws TicketInputError for anything but a duration of more than 0 ms, and for one that leads beyond the last Date;
   * to go back, call {@link set}
   */
  advance(by: Duration): void {
    const milliseconds = toDuration(by);
    if (milliseconds === undefined)
      throw new TicketInputError('advance()', [
        "the duration must be a positive number of milliseconds, or a text such as '5m' or '5d'",
      ]);
    const moved = new Date(this.#time + milliseconds);
    if (dateProblem(moved) !== undefined)
      throw new TicketInputError('advance()', ['the duration leads beyond the last Date that there is']);
    this.#time = moved.getTime();
  }

  /**
   * Moves to an instant, back or forth.
   *
   * @throws TicketInputError for anything but an instant or its text in ISO 8601
   */
  set(to: Date | string): void {
    this.#time = instant('set()', to);
  }
}

function instant(call: string, value: unknown): number {
  const given = typeof value === 'string' ? readInstant(value) : value;
  if (dateProblem(given) === undefined) return (given as Date).getTime();
  throw new TicketInputError(call, [
    "the instant must be a valid Date, or a text such as '2026-01-01T12:00:00Z'",
  ]);
}
