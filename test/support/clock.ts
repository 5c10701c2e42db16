import type { Duration } from 'nestjs-ticketoffice';
import { TestClock as Clock } from '../../lib/testing/test-clock.js';

/** The library's clock, which stands at the same instant in each run; a negative number of ms moves it back. */
export class TestClock extends Clock {
  constructor(start: string | Date = '2026-01-01T00:00:00Z') {
    super(start);
  }

  override advance(by: Duration): void {
    if (typeof by === 'number') this.set(new Date(this.now().getTime() + by));
    else super.advance(by);
  }
}
