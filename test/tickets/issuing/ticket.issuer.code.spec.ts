import { CredentialsError, TicketInputError, TicketLockedError } from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestClock } from '../../support/clock.js';
import { oneDatabase } from '../../support/databases.js';
import { startOffice, rawRow, rewriteRow, type TicketOffice } from '../../support/office.js';

const door = { place: 'door', purpose: 'enter' };
const UNLIKE = (code: string) => code.replace(/./g, (digit) => String((Number(digit) + 1) % 10));

oneDatabase('A ticket whose password is a code', (database) => {
  const clock = new TestClock();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { now: clock.now });
  });

  const issue = (input: object = {}, { tickets } = office) =>
    tickets.issue({ ...door, password: { digits: 8 }, ...input });
  const authenticate = (uuid: string, password: string) =>
    office.tickets.authenticate({ uuid, password }, 'door', 'enter');
  const minutesLeft = ({ ticket }: Awaited<ReturnType<typeof issue>>) =>
    ticket.expiresAt && (ticket.expiresAt.getTime() - clock.now().getTime()) / 60_000;

  it('[G-10] is opened by that code, which the credentials give', async () => {
    const { credentials } = await issue();
    expect(credentials.password).toMatch(/^\d{8}$/);
    expect((await authenticate(credentials.uuid, credentials.password)).uuid).toBe(credentials.uuid);
    const dictated = await issue({ password: { letters: 12 } });
    expect(dictated.credentials.password).toMatch(/^[a-hjkmnp-z]{12}$/);
    await authenticate(dictated.credentials.uuid, dictated.credentials.password);
  });

  it('is kept as a human’s password is', async () => {
    const { ticket } = await issue();
    expect((await rawRow(office.dataSource, ticket.uuid))['verifier']).toMatch(
      /^argon2id\.digits-8\$[\w-]{8}\$\$argon2id/,
    );
  });

  it('[G-1] is locked by five wrong guesses', async () => {
    const { uuid, password } = (await issue()).credentials;
    for (let time = 0; time < 5; time += 1)
      await expect(authenticate(uuid, UNLIKE(password))).rejects.toThrow(CredentialsError);
    await expect(authenticate(uuid, password)).rejects.toThrow(CredentialsError);
  });

  it('lives ten minutes unless its issuer, or a shorter default, says otherwise', async () => {
    expect(minutesLeft(await issue())).toBe(10);
    expect(minutesLeft(await issue({ expiresIn: '1h' }))).toBe(60);
    expect(minutesLeft(await issue({ expiresIn: null }))).toBeNull();
    const hasty = await startOffice(database, { now: clock.now, expiresIn: '2m' });
    expect(minutesLeft(await issue({}, hasty))).toBe(2);
    const patient = await startOffice(database, { now: clock.now, expiresIn: null });
    expect(minutesLeft(await issue({}, patient))).toBe(10);
  });

  it('[G-9] is refused when it could be guessed, and says the least number of digits', async () => {
    const refused = issue({ password: { digits: 4 } });
    await expect(refused).rejects.toThrow(TicketInputError);
    await expect(refused).rejects.toThrow(/password .*5 wrong guesses.* \{ digits: 6 \}/);
    const lenient = await startOffice(database, { maxAttempts: 100 });
    await expect(issue({ password: { digits: 6 } }, lenient)).rejects.toThrow(/\{ digits: 7 \}/);
    await issue({ password: { digits: 7 } }, lenient);
  });

  it.each([{}, { digits: '8' }, { digits: 8, letters: 8 }, { words: 3 }, [8], 12345678])(
    '[M-4] may not be asked for as %j',
    async (password) => {
      await expect(issue({ password })).rejects.toThrow(/^issue\(\): password must be/);
    },
  );

  describe('once it is reissued', () => {
    it('has another code of the same kind', async () => {
      const { uuid, password } = (await issue()).credentials;
      const again = (await office.tickets.reissue(uuid)).credentials;
      expect(again.password).toMatch(/^\d{8}$/);
      await expect(authenticate(uuid, UNLIKE(again.password))).rejects.toThrow(CredentialsError);
      expect((await authenticate(uuid, again.password)).uuid).toBe(uuid);
      if (password !== again.password)
        await expect(authenticate(uuid, password)).rejects.toThrow(CredentialsError);
      const letters = await issue({ password: { letters: 12 } });
      const { credentials } = await office.tickets.reissue(letters.ticket.uuid);
      expect(credentials.password).toMatch(/^[a-hjkmnp-z]{12}$/);
    });

    it('[G-2] counts the guesses at the old code, and stays locked', async () => {
      const { uuid, password } = (await issue()).credentials;
      for (let time = 0; time < 4; time += 1)
        await expect(authenticate(uuid, UNLIKE(password))).rejects.toThrow(CredentialsError);
      const again = (await office.tickets.reissue(uuid)).credentials;
      await authenticate(uuid, again.password);
      await expect(authenticate(uuid, UNLIKE(again.password))).rejects.toThrow(CredentialsError);
      await expect(authenticate(uuid, again.password)).rejects.toThrow(CredentialsError);
      await expect(office.tickets.reissue(uuid)).rejects.toThrow(TicketLockedError);
    });

    it('[G-9] has a code that stands the guesses which are allowed by now', async () => {
      const { uuid } = (await issue({ password: { digits: 6 } })).credentials;
      const lenient = await startOffice(database, { maxAttempts: 1000, now: clock.now });
      expect((await lenient.tickets.reissue(uuid)).credentials.password).toMatch(/^\d{8}$/);
    });
  });

  it('[ST-14] admits nobody once somebody without the secret has changed its kind', async () => {
    const { uuid, password } = (await issue()).credentials;
    const { verifier } = await rawRow(office.dataSource, uuid);
    for (const kind of ['.digits-1', '.letters-8', '']) {
      const changed = String(verifier).replace('.digits-8', kind);
      await rewriteRow(office.dataSource, uuid, { verifier: changed });
      await expect(authenticate(uuid, password)).rejects.toThrow(CredentialsError);
    }
    expect((await office.tickets.reissue(uuid)).credentials.password).toMatch(/^tkt_/);
    await rewriteRow(office.dataSource, uuid, { verifier: String(verifier).replace('digits-8', 'digits-1') });
    expect((await office.tickets.reissue(uuid)).credentials.password).toMatch(/^\d{6}$/);
  });
});
