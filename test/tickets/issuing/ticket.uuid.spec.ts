import { describe, expect, it } from 'vitest';
import { canonicalUuid } from '../../../lib/tickets/credentials.js';
import { UuidSequence } from '../../../lib/tickets/issuing/ticket.uuid.js';

describe('A sequence of uuids', () => {
  it('is in order, in one millisecond and when the clock goes back', () => {
    const uuids = new UuidSequence();
    const instants = [5000, 5000, 5000, 4000, 5000, 5001, 5001, 1];
    const made = Array.from({ length: 800 }, (_, index) =>
      uuids.next(new Date(instants[index % 8]! + index)),
    );
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(800);
    for (const uuid of made) expect(canonicalUuid(uuid)).toBe(uuid);
  });

  it('begins with the time, and elsewhere in each millisecond', () => {
    const uuids = new UuidSequence();
    const [one, two] = [uuids.next(new Date(0x123456789)), uuids.next(new Date(0x12345678a))];
    expect(one).toMatch(/^00012345-6789-7[0-9a-f]{3}-[89ab]/);
    expect(two).toMatch(/^00012345-678a-7[0-9a-f]{3}-[89ab]/);
    expect(two.slice(15)).not.toBe(one.slice(15));
  });
});
