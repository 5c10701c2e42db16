import type { TicketError } from 'nestjs-ticketoffice';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { startOffice, rawRow, type TicketOffice } from '../support/office.js';
import { hashes } from '../support/held.argon2.js';
import { besiege } from './siege.js';

vi.mock('argon2', async (importOriginal) => {
  const { heldArgon2 } = await import('../support/held.argon2.js');
  return heldArgon2(await importOriginal());
});

/** The least that is accepted, for few at a time. */
const bounds = { concurrency: 2, queue: 5 };
const argon2 = { memoryCost: 7168, timeCost: 5, ...bounds };
const CROWD = 1000;

const visit = { place: 'louvre', purpose: 'visit' };
const PASSWORD = 'I love Paris';
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';
const wrong = (uuid: string, number: number) => ({ uuid, password: `wrong ${number}` });
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'served',
    ({ code }: TicketError) => code,
  );

const generatedFor = async ({ tickets }: TicketOffice) => (await tickets.issue(visit)).credentials;
const humanFor = async ({ tickets }: TicketOffice) =>
  (await tickets.issue({ ...visit, password: PASSWORD })).credentials;

// Should a test have failed before it could.
afterEach(() => hashes.letGo());

eachDatabase('A thousand at once', (database) => {
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { argon2 });
  });

  const besiegeService = async (attempt: (number: number) => Promise<unknown>, served: string) => {
    const { tickets } = office;
    const secret = await generatedFor(office);
    const askBeside = () => codeOf(tickets.authenticate(secret, 'louvre', 'visit'));
    const place = { ...bounds, served, busy: 'TICKET_OFFICE_BUSY', askBeside };
    return besiege({ ...place, ask: (number) => codeOf(attempt(number)) }, CROWD);
  };

  it('[G-3] who guess get as many hashes as are allowed, a place in the line, or a refusal', async () => {
    const { uuid } = await humanFor(office);
    const guess = (number: number) => office.tickets.authenticate(wrong(uuid, number), 'louvre', 'visit');
    expect(await besiegeService(guess, 'TICKET_INVALID')).toEqual([]);
    expect((await rawRow(office.dataSource, uuid))['attempts']).toBe(5);
  });

  it('[G-3] [G-5] are bounded alike whether the ticket exists or not', async () => {
    const { uuid } = await generatedFor(office);
    for (const name of [UNKNOWN, uuid]) {
      const guess = (number: number) => office.tickets.authenticate(wrong(name, number), 'louvre', 'visit');
      expect(await besiegeService(guess, 'TICKET_INVALID')).toEqual([]);
    }
  });

  it('[G-3] who issue tickets with passwords are bounded like those who guess', async () => {
    const issue = () => office.tickets.issue({ ...visit, password: PASSWORD });
    expect(await besiegeService(issue, 'served')).toEqual([]);
    const issueCode = () => office.tickets.issue({ ...visit, password: { digits: 8 } });
    expect(await besiegeService(issueCode, 'served')).toEqual([]);
  });

  it('[G-3] who guess and issue share the hashes that are allowed', async () => {
    const { tickets } = office;
    const { uuid } = await humanFor(office);
    hashes.hold();
    const both = Array.from({ length: CROWD / 2 }, (_, number) => [
      codeOf(tickets.authenticate(wrong(uuid, number), 'louvre', 'visit')),
      codeOf(tickets.issue({ ...visit, password: PASSWORD })),
    ]).flat();
    await hashes.areRunning(bounds.concurrency);
    expect(await codeOf(tickets.issue(visit))).toBe('served');
    hashes.letGo();
    await Promise.all(both);
    expect(hashes.most).toBe(bounds.concurrency);
  });
});
