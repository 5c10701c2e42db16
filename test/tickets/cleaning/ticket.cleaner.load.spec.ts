import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CleanedCounts } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice } from '../../support/office.js';
import { fillTable } from '../store/table.fill.js';

const ROWS = 20_000;
const BATCH = 250;
const GUESTS = 8;

eachDatabase('clean() of a large table', (database) => {
  it('[D-3] deletes in batches while guests redeem their tickets, each of them once', async () => {
    const clock = new TestClock();
    const { tickets, dataSource } = await startOffice(database, { now: clock.now });
    await fillTable(dataSource, ROWS, clock.now().getTime());
    const before = await tickets.count();
    const cleaning = new AbortController();
    let steps = 0;
    let last: CleanedCounts = { used: 0, revoked: 0, expired: 0 };
    const total = ({ used, revoked, expired }: CleanedCounts) => used + revoked + expired;
    const cleaned = tickets.clean({
      batchSize: BATCH,
      onProgress: (counts) => {
        expect(total(counts) - total(last)).toBeLessThanOrEqual(BATCH);
        last = counts;
        steps += 1;
      },
    });
    let redeemed = 0;
    const guest = async () => {
      while (!cleaning.signal.aborted) {
        const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
        const ticket = await tickets.authenticate(credentials, 'louvre', 'visit');
        await (await tickets.claim(ticket)).stamp();
        // As a request does: SQLite's driver is synchronous, and would leave no turn to anything else.
        await nextTurn();
        redeemed += 1;
      }
    };
    const guests = Array.from({ length: GUESTS }, guest);
    await cleaned.finally(() => cleaning.abort());
    await Promise.all(guests);
    // Half of the two months, but for those that never expire and were not used.
    expect(total(last)).toBeGreaterThan(ROWS * 0.48);
    expect(steps).toBeGreaterThanOrEqual(total(last) / BATCH);
    expect(redeemed).toBeGreaterThan(GUESTS);
    expect(await tickets.count()).toBe(before - total(last) + redeemed);
    expect(await tickets.count({ place: 'louvre', status: 'used' })).toBe(redeemed);
    expect(await tickets.clean()).toEqual({ used: 0, revoked: 0, expired: 0 });
  });
});
