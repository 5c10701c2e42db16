import { CredentialsError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { generateSecret } from '../../../lib/tickets/secrets/secret.js';
import { eachDatabase } from '../../support/databases.js';
import { StatementLog } from '../../support/statement-log.js';
import { startOffice, rawRow, type TicketOffice } from '../../support/office.js';

const PASSWORD = 'I love Paris';
const visit = { place: 'louvre', purpose: 'visit' };

eachDatabase('The limit of wrong guesses', (database) => {
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, {}, { logger: log });
  });

  const issue = async (password?: string) => (await office.tickets.issue({ ...visit, password })).credentials;
  const authenticate = (uuid: string, password: string, place = 'louvre', { tickets } = office) =>
    tickets.authenticate({ uuid, password }, place, 'visit');
  async function guess(uuid: string, times: number, place?: string) {
    for (let time = 0; time < times; time += 1) {
      await expect(authenticate(uuid, `wrong ${time}`, place)).rejects.toThrow(CredentialsError);
    }
  }
  const attempts = async (uuid: string) => (await rawRow(office.dataSource, uuid))['attempts'];

  it('[G-1] lets the right password in after four of them', async () => {
    const { uuid } = await issue(PASSWORD);
    await guess(uuid, 4);
    expect((await authenticate(uuid, PASSWORD)).uuid).toBe(uuid);
    expect(await attempts(uuid)).toBe(4);
  });

  it('[G-1] locks the ticket after five, and refuses the right password then', async () => {
    const { uuid } = await issue(PASSWORD);
    await guess(uuid, 5);
    for (let time = 0; time < 3; time += 1) {
      await expect(authenticate(uuid, PASSWORD)).rejects.toThrow(CredentialsError);
    }
    expect(await attempts(uuid)).toBe(5);
  });

  it('[G-1] is the module’s maxAttempts', async () => {
    const strict = await startOffice(database, { maxAttempts: 1 });
    const { uuid } = await issue(PASSWORD);
    await expect(authenticate(uuid, 'wrong', 'louvre', strict)).rejects.toThrow(CredentialsError);
    await expect(authenticate(uuid, PASSWORD, 'louvre', strict)).rejects.toThrow(CredentialsError);
  });

  it('[G-1] counts no right password, however often it is presented', async () => {
    const { uuid } = await issue(PASSWORD);
    for (let time = 0; time < 6; time += 1) expect((await authenticate(uuid, PASSWORD)).uuid).toBe(uuid);
    expect(await attempts(uuid)).toBe(0);
    await guess(uuid, 4);
    for (let time = 0; time < 6; time += 1) expect((await authenticate(uuid, PASSWORD)).uuid).toBe(uuid);
    expect(await attempts(uuid)).toBe(4);
  });

  it('[G-1] lets no guesses pass that come at once', async () => {
    const { uuid } = await issue(PASSWORD);
    const another = await startOffice(database);
    const guesses = Array.from({ length: 16 }, (_, time) =>
      authenticate(uuid, `wrong ${time}`, 'louvre', time % 2 === 0 ? office : another),
    );
    const results = await Promise.allSettled(guesses);
    const reasons = results.map(
      (result) => (result.status === 'rejected' ? result.reason : 'admitted') as unknown,
    );
    expect(reasons).toEqual(reasons.map(() => expect.any(CredentialsError)));
    expect(await attempts(uuid)).toBe(5);
    await expect(authenticate(uuid, PASSWORD)).rejects.toThrow(CredentialsError);
  });

  it('[G-2] is one for all spellings of the name and all places', async () => {
    const { uuid } = await issue(PASSWORD);
    await guess(uuid.toUpperCase(), 2);
    await guess(uuid.replaceAll('-', ''), 1);
    await guess(uuid, 2, 'orsay');
    await expect(authenticate(uuid, PASSWORD)).rejects.toThrow(CredentialsError);
  });

  it('[G-2] counts the right password at a wrong place', async () => {
    const { uuid } = await issue(PASSWORD);
    await expect(authenticate(uuid, PASSWORD, 'orsay')).rejects.toThrow(CredentialsError);
    expect(await attempts(uuid)).toBe(1);
  });

  it('locks one ticket, not those beside it', async () => {
    const [locked, other] = [await issue(PASSWORD), await issue(PASSWORD)];
    await guess(locked.uuid, 6);
    expect((await authenticate(other.uuid, PASSWORD)).uuid).toBe(other.uuid);
    expect(await attempts(other.uuid)).toBe(0);
  });

  it('[G-4] does not hold for generated secrets: no write, and the ticket still works', async () => {
    const { uuid, password } = await issue();
    const statements = await log.during(async () => {
      for (let time = 0; time < 50; time += 1) {
        await expect(authenticate(uuid, generateSecret())).rejects.toThrow(CredentialsError);
      }
      await authenticate(uuid, password);
    });
    expect(statements).toHaveLength(51);
    for (const statement of statements) expect(statement).toMatch(/^SELECT /);
    expect(await attempts(uuid)).toBe(0);
  });

  it('[G-4] cannot be used to shut a generated secret out by guesses of the human kind', async () => {
    const { uuid, password } = await issue();
    await guess(uuid, 8);
    expect((await authenticate(uuid, password)).uuid).toBe(uuid);
  });
});
