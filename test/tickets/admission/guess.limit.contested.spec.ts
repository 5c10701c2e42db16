import { Logger } from '@nestjs/common';
import { CredentialsError, TicketBusyError } from 'nestjs-ticketoffice';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { barrier } from '../../support/barrier.js';
import { eachServer } from '../../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../../support/office.js';

const PASSWORD = 'I love Paris';

afterEach(() => {
  vi.restoreAllMocks();
});

eachServer('A guess whose row others hold', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database);
  });

  /** Holds the ticket's row, from before a statement is first sent until it is sent for the nth time, if ever. */
  async function holdUntil(uuid: string, applies: (sql: string) => boolean, time: number) {
    const [begun, end] = [barrier(), barrier()];
    let holding: Promise<unknown> | undefined;
    const hold = () =>
      office.dataSource.transaction(async (manager) => {
        await manager.query(`SELECT uuid FROM ticket_office_ticket WHERE uuid = '${uuid}' FOR UPDATE`);
        begun.open();
        await end.opened;
      });
    let sent = 0;
    aroundQueries(office.dataSource, async (sql, run) => {
      if (!applies(sql)) return run();
      sent += 1;
      if (sent === 1) holding = hold();
      await begun.opened;
      if (sent === time) {
        end.open();
        await holding;
      }
      return run();
    });
    return async () => {
      end.open();
      await holding;
      return sent;
    };
  }

  const issue = async () =>
    (await office.tickets.issue({ place: 'louvre', purpose: 'visit', password: PASSWORD })).credentials.uuid;
  const show = (uuid: string, password: string) =>
    office.tickets.authenticate({ uuid, password }, 'louvre', 'visit');
  const attempts = async (uuid: string) => (await rawRow(office.dataSource, uuid))['attempts'];

  const isReserving = (sql: string): boolean => /attempts\S* \+ 1/.test(sql);
  const isGivingBack = (sql: string): boolean => /attempts\S* - 1/.test(sql);

  it('[G-1] [G-5] is counted and refused like any other, when that is over by the seventh try', async () => {
    const uuid = await issue();
    const letGo = await holdUntil(uuid, isReserving, 7);
    await expect(show(uuid, 'I love London')).rejects.toThrow(CredentialsError);
    expect(await letGo()).toBe(7);
    expect(await attempts(uuid)).toBe(1);
  });

  it('[G-1] has its count given back where it is right, when that is over by the seventh try', async () => {
    const uuid = await issue();
    const letGo = await holdUntil(uuid, isGivingBack, 7);
    expect((await show(uuid, PASSWORD)).uuid).toBe(uuid);
    expect(await letGo()).toBe(7);
    expect(await attempts(uuid)).toBe(0);
  });

  it('does not wait for ever', async () => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const uuid = await issue();
    const letGo = await holdUntil(uuid, isReserving, Infinity);
    await expect(show(uuid, PASSWORD)).rejects.toThrow(TicketBusyError);
    expect(await letGo()).toBe(7);
    expect(await attempts(uuid)).toBe(0);
  });
});
