import { TestClock as Clock } from '../../lib/testing/test-clock.js';

/** The clock for apps' tests, which stands at the same instant in each run. */
export class TestClock extends Clock {
  constructor(start: string | Date = '2026-01-01T00:00:00Z') {
    super(start);
  }
}
