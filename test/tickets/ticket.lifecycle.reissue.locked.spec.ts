import { CredentialsError, type IssueInput, TicketLockedError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { aroundQueries } from '../support/around-queries.js';
import { TestClock } from '../support/clock.js';
import { eachDatabase } from '../support/databases.js';
import { rawRow, startOffice, type TicketOffice } from '../support/office.js';

const HUMAN = { password: 'I love Paris' };
const CODE = { password: { digits: 8 } } as const;

eachDatabase('reissue() of a ticket that wrong guesses have locked', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { maxAttempts: 2, now: clock.now });
  });

  const issue = (secret: Pick<IssueInput, 'password'>) =>
    office.tickets.issue({ place: 'louvre', purpose: 'visit', expiresIn: '5m', ...secret });
  const guess = async (uuid: string, times: number) => {
    for (let time = 0; time < times; time += 1) {
      const entry = office.tickets.authenticate({ uuid, password: 'I love Rome' }, 'louvre', 'visit');
      await expect(entry).rejects.toThrow(CredentialsError);
    }
  };

  it.each([HUMAN, CODE])('is refused, and writes nothing: %j', async (secret) => {
    const { uuid } = (await issue(secret)).ticket;
    await guess(uuid, 2);
    const before = await rawRow(office.dataSource, uuid);
    const error = await office.tickets.reissue(uuid).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TicketLockedError);
    expect(error).toMatchObject({ code: 'TICKET_LOCKED', name: 'TicketLockedError' });
    expect((error as Error).message).toMatch(/issue another/);
    await expect(office.tickets.reissue(uuid, { expiresIn: '1d' })).rejects.toThrow(TicketLockedError);
    expect(await rawRow(office.dataSource, uuid)).toEqual(before);
  });

  it('is refused for the lock when it has expired, too: another expiry would not open it', async () => {
    const { uuid } = (await issue(CODE)).ticket;
    await guess(uuid, 2);
    clock.advance('6m');
    await expect(office.tickets.reissue(uuid)).rejects.toThrow(TicketLockedError);
  });

  it('works one guess before, and for a generated secret after any number', async () => {
    const human = (await issue(HUMAN)).ticket;
    await guess(human.uuid, 1);
    await office.tickets.reissue(human.uuid);
    const generated = (await issue({})).ticket;
    await guess(generated.uuid, 4);
    await office.tickets.reissue(generated.uuid);
  });

  it('is refused when the last guess comes in between', async () => {
    const { uuid } = (await issue(CODE)).ticket;
    await guess(uuid, 1);
    const before = await rawRow(office.dataSource, uuid);
    let isGuessed = false;
    aroundQueries(office.dataSource, async (sql, run) => {
      if (!isGuessed && sql.startsWith('UPDATE')) {
        isGuessed = true;
        await guess(uuid, 1);
      }
      return run();
    });
    await expect(office.tickets.reissue(uuid)).rejects.toThrow(TicketLockedError);
    expect(await rawRow(office.dataSource, uuid)).toEqual({ ...before, attempts: 2 });
  });
});
