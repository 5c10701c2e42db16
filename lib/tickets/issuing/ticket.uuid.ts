import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';

/** A new name for a ticket, version 7. */
export const uuidAt = (now: Date): string => v7({ msecs: now.getTime() });

/** Half of a uuid's counter (32 bits): a sequence that begins below it does not come to its end. */
const HALF = 2 ** 31;

/** Uuids of version 7, each after the one before, also in one millisecond and when the clock goes back. */
export class UuidSequence {
  private msecs = -1;
  private seq = 0;

  next(now: Date): string {
    const msecs = now.getTime();
    if (msecs > this.msecs) {
      this.msecs = msecs;
      this.seq = randomInt(HALF);
    } else this.seq += 1;
    return v7({ msecs: this.msecs, seq: this.seq });
  }
}
