import { randomUUID } from 'node:crypto';
import { type CountInput, type ListInput, TicketInputError, type TicketService } from 'nestjs-ticketoffice';
import { beforeEach, expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { oneDatabase } from '../../support/databases.js';
import { startOffice } from '../../support/office.js';

oneDatabase('A filter', (database) => {
  const clock = new TestClock();
  let tickets: TicketService;
  let place: string;
  beforeEach(async () => {
    ({ tickets } = await startOffice(database, { now: clock.now }));
    place = `account ${randomUUID()}`;
    for (const subject of ['leonard', 'lisa', 'raphael'])
      await tickets.issue({ place, purpose: 'reset', subject });
  });
  const subjectsOf = async (listing: ReturnType<TicketService['list']>) =>
    (await listing).map(({ subject }) => subject);

  it('is read when the call is made: what the app does to it later changes nothing', async () => {
    const filter: { place: string; subject?: string } = { place, subject: 'leonard' };
    const [revoked, listed, counted] = [
      tickets.revokeAll(filter),
      tickets.list(filter),
      tickets.count(filter),
    ];
    delete filter.subject;
    expect([await revoked, (await listed).length, await counted]).toEqual([1, 1, 1]);
  });

  it('may be one object for calls at once', async () => {
    const filter: { place: string; subject: string } = { place, subject: '' };
    const revoked = ['leonard', 'lisa', 'nobody'].map((subject) => {
      filter.subject = subject;
      return tickets.revokeAll(filter);
    });
    expect(await Promise.all(revoked)).toEqual([1, 1, 0]);
    expect(await subjectsOf(tickets.list({ place, status: 'valid' }))).toEqual(['raphael']);
  });

  it('has its list of statuses read with it', async () => {
    const status: CountInput['status'][] & ListInput['status'] = ['valid'];
    const listed = tickets.list({ place, status });
    status.length = 0;
    expect(await listed).toHaveLength(3);
  });

  it('may have its fields by accessors of its class', async () => {
    class OfLeonard {
      get place() {
        return place;
      }
      get subject() {
        return 'leonard';
      }
    }
    class OfPlace {
      get place() {
        return place;
      }
    }
    expect(await subjectsOf(tickets.list(new OfLeonard()))).toEqual(['leonard']);
    expect(await tickets.count(new OfLeonard())).toBe(1);
    await tickets.issue({ place: 'elsewhere', purpose: 'reset', expiresIn: '1s' });
    clock.advance('1m');
    expect(await tickets.clean(Object.assign(new OfPlace(), { before: clock.now() }))).toMatchObject({
      expired: 0,
    });
    expect(await tickets.revokeAll(new OfLeonard())).toBe(1);
  });

  it('has each of its fields read once', async () => {
    const reads: string[] = [];
    const filter = new Proxy(
      { place, subject: 'leonard' },
      {
        get(target, name: 'subject') {
          reads.push(name);
          return target[name];
        },
      },
    );
    await tickets.count(filter);
    expect(reads).toEqual(['place', 'subject']);
  });

  it('is refused with a field of another name, listed or not', async () => {
    const hidden = Object.defineProperty({ place }, 'usedAt', { value: 1 });
    const call = tickets.revokeAll(hidden);
    await expect(call).rejects.toThrow(TicketInputError);
    await expect(call).rejects.toThrow("'usedAt' is unknown: write one of place, purpose, subject");
  });
});
