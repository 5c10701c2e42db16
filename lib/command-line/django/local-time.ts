import { usageError } from '../failure.js';

const TEXT = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\+00(?::00)?)?$/;

/** Reads instants as Django keeps them where the database has no zones: as the wall clock of one zone shows them. */
export class LocalTime {
  private readonly clock: Intl.DateTimeFormat;

  /**
   * @param zone of the IANA, such as Europe/Paris
   * @throws CommandLineError for a zone that there is not
   */
  constructor(zone: string) {
    try {
      const fields = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
      const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
      this.clock = new Intl.DateTimeFormat('en-US', { ...fields, ...time, timeZone: zone, era: 'short' });
    } catch (error) {
      throw usageError(`--time-zone: there is no zone ${zone}: write one such as UTC or Europe/Paris`, error);
    }
  }

  /**
   * The instant, to the millisecond; `undefined` for a text that is none. Of the two instants that one text means when
   * clocks go back, the earlier one: a ticket does not live longer than it should.
   */
  read(text: string): Date | undefined {
    const [, year, month, day, hour, minute, second, fraction = ''] = TEXT.exec(text) ?? [];
    if (year === undefined) return undefined;
    const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
    const shown = Date.UTC(+year, +month! - 1, +day!, +hour!, +minute!, +second!, ms);
    // Day 31 of a month of thirty would be the next month's first.
    if (new Date(shown).toISOString().slice(0, 19) !== text.slice(0, 19).replace(' ', 'T')) return undefined;
    const hours = 3_600_000;
    const offsets = [shown - 24 * hours, shown + 24 * hours].map((instant) => this.offsetAt(instant));
    const candidates = offsets.map((offset) => shown - offset).toSorted((one, other) => one - other);
    const exact = candidates.find((instant) => instant + this.offsetAt(instant) === shown);
    // None where clocks go forward: nobody has seen that hour.
    return new Date(exact ?? candidates[0]!);
  }

  /** How far the wall clock is ahead of UTC, in ms. */
  private offsetAt(instant: number): number {
    const parts = this.clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)] as const);
    const { year, month, day, hour, minute, second } = Object.fromEntries(parts);
    const shown = Date.UTC(year!, month! - 1, day, hour, minute, second);
    return shown - Math.floor(instant / 1000) * 1000;
  }
}
