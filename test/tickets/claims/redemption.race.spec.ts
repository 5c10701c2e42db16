import { type Ticket, TicketBusyError, TicketUsedError } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { barrier } from '../../support/barrier.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../../support/office.js';
import { Visit, visitsOf, writeVisit } from '../../support/visits.js';

const HUMAN = 'I love Paris';
const visit = { place: 'louvre', purpose: 'visit' };

eachDatabase('Redemptions at once', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, {}, { entities: [Visit] });
  });

  const issue = async (input: object = {}) => (await office.tickets.issue({ ...visit, ...input })).ticket;
  const redeem = <R>(ticket: Ticket, work: (ticket: Ticket, manager: EntityManager) => R | Promise<R>) =>
    office.tickets.redeem(ticket, 'louvre', 'visit', work);
  const write = ({ uuid }: Ticket, manager: EntityManager) => writeVisit(manager, uuid);
  const used = async ({ uuid }: Ticket) => (await office.tickets.find(uuid))!.used;
  const visits = ({ uuid }: Ticket) => visitsOf(office.dataSource, uuid);

  it('[R-1] have one success, and the loser gets a busy error, then a used error', async () => {
    const ticket = await issue();
    const [inside, gate] = [barrier(), barrier()];
    const winner = redeem(ticket, async (_, manager) => {
      await write(ticket, manager);
      inside.open();
      await gate.opened;
      return 'Welcome';
    });
    await inside.opened;
    await expect(redeem(ticket, write)).rejects.toThrow(TicketBusyError);
    gate.open();
    expect(await winner).toBe('Welcome');
    await expect(redeem(ticket, write)).rejects.toThrow(TicketUsedError);
    expect(await visits(ticket)).toBe(1);
  });

  it('[R-1] have one success of twenty, and its work alone has run', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const ticket = await issue();
      let runs = 0;
      const all = Array.from({ length: 20 }, () =>
        redeem(ticket, async (_, manager) => {
          runs += 1;
          await write(ticket, manager);
        }),
      );
      const results = await Promise.allSettled(all);
      const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(reasons).toHaveLength(19);
      for (const { code } of reasons) expect(code).toMatch(/^TICKET_(BUSY|USED)$/);
      expect([runs, await visits(ticket), await used(ticket)]).toEqual([1, 1, true]);
    }
  });

  it('[R-1] have a success that waited for a failure', async () => {
    const ticket = await issue();
    const [inside, gate] = [barrier(), barrier()];
    const failing = redeem(ticket, async (_, manager) => {
      await write(ticket, manager);
      inside.open();
      await gate.opened;
      throw new Error('The roof leaks');
    });
    await inside.opened;
    const next = redeem(ticket, write);
    gate.open();
    await expect(failing).rejects.toThrow('The roof leaks');
    await next;
    expect([await visits(ticket), await used(ticket)]).toEqual([1, true]);
  });

  it('[R-15] have outcomes of their own, when one of two throws', async () => {
    for (let round = 1; round <= 5; round += 1) {
      const [good, bad] = [await issue(), await issue()];
      const results = await Promise.allSettled([
        redeem(good, async (_, manager) => {
          await write(good, manager);
          await write(good, manager);
          return 'Welcome';
        }),
        redeem(bad, async (_, manager) => {
          await write(bad, manager);
          throw new Error('The roof leaks');
        }),
      ]);
      expect(results).toEqual([
        { status: 'fulfilled', value: 'Welcome' },
        { status: 'rejected', reason: new Error('The roof leaks') },
      ]);
      expect([await visits(good), await used(good)]).toEqual([2, true]);
      expect([await visits(bad), await used(bad)]).toEqual([0, false]);
    }
  });

  it('[R-15] of thirty tickets are all done', async () => {
    const tickets = await Promise.all(Array.from({ length: 30 }, issue));
    await Promise.all(tickets.map((ticket) => redeem(ticket, write)));
    expect(await Promise.all(tickets.map(visits))).toEqual(tickets.map(() => 1));
  });

  it('[R-15] have work that, not waited for, writes nothing to another’s transaction', async () => {
    const [hasty, other] = [await issue(), await issue()];
    const gate = barrier();
    let late: Promise<unknown> = Promise.resolve();
    await redeem(hasty, (_, manager) => {
      late = gate.opened.then(() => write(hasty, manager)).catch((error: unknown) => error);
    });
    await redeem(other, async (_, manager) => {
      await write(other, manager);
      gate.open();
      await late;
    });
    expect(await late).toBeInstanceOf(Error);
    expect([await visits(hasty), await visits(other)]).toEqual([0, 1]);
  });

  describe('[M-11] while one runs', () => {
    const during = async (act: (ticket: Ticket) => Promise<unknown>, input: object = {}) => {
      const ticket = await issue(input);
      const before = await rawRow(office.dataSource, ticket.uuid);
      // From within: whoever waited for the row would wait for ever.
      await redeem(ticket, async (_, manager) => {
        await write(ticket, manager);
        await act(ticket);
        expect(await rawRow(office.dataSource, ticket.uuid)).toEqual(before);
      });
      expect([await visits(ticket), await used(ticket)]).toEqual([1, true]);
    };

    it('a claim of the same ticket is busy', () =>
      during(async (ticket) => {
        await expect(office.tickets.claim(ticket)).rejects.toThrow(TicketBusyError);
      }));

    it('another of the same ticket is busy', () =>
      during(async (ticket) => {
        await expect(redeem(ticket, write)).rejects.toThrow(TicketBusyError);
      }));

    it.each([HUMAN, 'wrong'])('a guess at its human password is busy: %s', (password) =>
      during(
        async ({ uuid }) => {
          const guess = office.tickets.authenticate({ uuid, password }, 'louvre', 'visit');
          await expect(guess).rejects.toThrow(TicketBusyError);
        },
        { password: HUMAN },
      ),
    );

    it('the ticket is found, listed and admitted as it was', () =>
      during(async ({ uuid }) => {
        expect((await office.tickets.find(uuid))?.used).toBe(false);
        const listed = await office.tickets.list({ status: 'valid', limit: 1000 });
        expect(listed.map((ticket) => ticket.uuid)).toContain(uuid);
      }));
  });

  it('[M-11] are shut out by a claim, until it is released', async () => {
    const ticket = await issue();
    const claim = await office.tickets.claim(ticket);
    await expect(redeem(ticket, write)).rejects.toThrow(TicketBusyError);
    await claim.release();
    await redeem(ticket, write);
    expect(await visits(ticket)).toBe(1);
  });
});
