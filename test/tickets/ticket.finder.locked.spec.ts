import { CredentialsError, type IssueInput } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { startOffice, type TicketOffice } from '../support/office.js';

eachDatabase("list({ status: 'locked' })", (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { maxAttempts: 2 });
  });

  const HUMAN = { password: 'I love Paris' };
  const CODE = { password: { digits: 8 } } as const;

  /** A ticket of a place of its own, after some wrong guesses at it. */
  const guessed = async (place: string, secret: Pick<IssueInput, 'password'>, guesses: number) => {
    const { ticket } = await office.tickets.issue({ place, purpose: 'visit', ...secret });
    for (let guess = 0; guess < guesses; guess += 1) {
      const credentials = { uuid: ticket.uuid, password: 'I love Rome' };
      const entry = office.tickets.authenticate(credentials, place, 'visit');
      await expect(entry).rejects.toThrow(CredentialsError);
    }
    return ticket;
  };
  const locked = async (place: string) =>
    (await office.tickets.list({ place, status: 'locked' })).map(({ uuid }) => uuid);

  it("has the tickets whose human password, or code, has had all its wrong guesses; valid ones are 'valid', too", async () => {
    await guessed('once', HUMAN, 1);
    const human = await guessed('human', HUMAN, 2);
    const code = await guessed('code', CODE, 2);
    expect(await locked('once')).toEqual([]);
    expect(await locked('human')).toEqual([human.uuid]);
    expect(await locked('code')).toEqual([code.uuid]);
    expect(await office.tickets.list({ place: 'code', status: 'valid' })).toHaveLength(1);
  });

  it('has no ticket with a generated secret: nobody guesses that', async () => {
    await guessed('generated', {}, 4);
    expect(await locked('generated')).toEqual([]);
  });

  it('has a reissued code, whose guesses still count, and no ticket that was reissued with a generated secret', async () => {
    const human = await guessed('reissued human', HUMAN, 1);
    const code = await guessed('reissued code', CODE, 1);
    for (const { uuid, place } of [human, code]) {
      await office.tickets.reissue(uuid);
      const wrong = { uuid, password: 'I love Rome' };
      await expect(office.tickets.authenticate(wrong, place, 'visit')).rejects.toThrow(CredentialsError);
    }
    expect(await locked('reissued human')).toEqual([]);
    expect(await locked('reissued code')).toEqual([code.uuid]);
  });

  it('has one that was revoked, and none that was used: by a pass that was granted before', async () => {
    const revoked = await guessed('revoked', HUMAN, 2);
    const used = await guessed('used', HUMAN, 2);
    await office.tickets.revoke(revoked.uuid);
    await (await office.tickets.claim(used)).stamp();
    expect(await locked('revoked')).toEqual([revoked.uuid]);
    expect(await locked('used')).toEqual([]);
  });
});
