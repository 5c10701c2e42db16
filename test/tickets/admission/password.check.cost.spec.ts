import { Logger } from '@nestjs/common';
import { CredentialsError, type TicketOfficeOptions } from 'nestjs-ticketoffice';
import { afterEach, expect, it, vi } from 'vitest';
import { aroundQueries } from '../../support/around-queries.js';
import { eachDatabase } from '../../support/databases.js';
import { StatementLog } from '../../support/statement-log.js';
import { openTicketOffice, rawRow, rewriteRow } from '../../support/ticket-office.js';

const PASSWORD = 'I love Paris';
const visit = { place: 'louvre', purpose: 'visit' };
const cheap = { memoryCost: 7168, timeCost: 5 };
const dear = { memoryCost: 8192, timeCost: 5 };

const isRenewal = (sql: string): boolean => /SET\s+\S*verifier/.test(sql);

eachDatabase('[ST-6] The verifier of a human password', (database) => {
  const log = new StatementLog();
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const open = (argon2: TicketOfficeOptions['argon2'], rest = {}) =>
    openTicketOffice(database, { argon2, ...rest }, { logger: log });
  type Office = Awaited<ReturnType<typeof open>>;
  const authenticate = ({ tickets }: Office, uuid: string, password = PASSWORD) =>
    tickets.authenticate({ uuid, password }, 'louvre', 'visit');
  const verifierOf = async ({ dataSource }: Office, uuid: string) =>
    String((await rawRow(dataSource, uuid))['verifier']);
  async function issued(office: Office, password: string | { digits: number } = PASSWORD) {
    const { credentials } = await office.tickets.issue({ ...visit, password });
    return {
      uuid: credentials.uuid,
      password: credentials.password,
      before: await verifierOf(office, credentials.uuid),
    };
  }

  it('is raised by the next success, once, and opens as before', async () => {
    const { uuid, before } = await issued(await open(cheap));
    const office = await open(dear);
    await authenticate(office, uuid);
    const raised = await verifierOf(office, uuid);
    expect(before).toContain('m=7168');
    expect(raised).toContain('m=8192');
    const statements = await log.during(() => authenticate(office, uuid));
    expect(statements).toHaveLength(3);
    expect(await verifierOf(office, uuid)).toBe(raised);
    await expect(authenticate(office, uuid, 'I love London')).rejects.toThrow(CredentialsError);
  });

  it('of a code is raised, and stays that of a code', async () => {
    const { uuid, password } = await issued(await open(cheap), { digits: 8 });
    const office = await open(dear);
    await authenticate(office, uuid, password);
    expect(await verifierOf(office, uuid)).toMatch(/^argon2id\.digits-8\$.*m=8192/);
    await authenticate(office, uuid, password);
  });

  it('is not touched by a wrong guess', async () => {
    const { uuid, before } = await issued(await open(cheap));
    const office = await open(dear);
    await expect(authenticate(office, uuid, 'I love London')).rejects.toThrow(CredentialsError);
    expect(await verifierOf(office, uuid)).toBe(before);
  });

  it('is never lowered', async () => {
    const { uuid, before } = await issued(await open(dear));
    const office = await open(cheap);
    await authenticate(office, uuid);
    expect(await verifierOf(office, uuid)).toBe(before);
  });

  it('keeps the pass, the generation and the count of guesses', async () => {
    const { uuid } = await issued(await open(cheap));
    const office = await open(dear);
    await expect(authenticate(office, uuid, 'wrong')).rejects.toThrow(CredentialsError);
    const before = await rawRow(office.dataSource, uuid);
    const ticket = await authenticate(office, uuid);
    expect(await rawRow(office.dataSource, uuid)).toEqual({
      ...before,
      verifier: expect.any(String) as string,
    });
    await (await office.tickets.claim(ticket)).stamp();
  });

  it('is for the key that is current', async () => {
    const [old, next] = ['o'.repeat(32), 'n'.repeat(32)];
    const { uuid } = await issued(await open(cheap, { secret: old }));
    await authenticate(await open(dear, { secret: [next, old] }), uuid);
    await authenticate(await open(dear, { secret: next }), uuid);
  });

  it('stays as it is when it cannot be raised, which fails nothing', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const { uuid, before } = await issued(await open(cheap));
    const office = await open(dear);
    aroundQueries(office.dataSource, async (sql, run) => {
      if (isRenewal(sql)) throw new Error('disk full');
      return run();
    });
    expect((await authenticate(office, uuid)).uuid).toBe(uuid);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(uuid), expect.any(Error));
    expect(await verifierOf(office, uuid)).toBe(before);
  });

  it('that was changed meanwhile is left alone', async () => {
    const { uuid, before } = await issued(await open(cheap));
    const office = await open(dear);
    let isRewritten = false;
    aroundQueries(office.dataSource, async (sql, run) => {
      if (isRewritten || !isRenewal(sql)) return run();
      isRewritten = true;
      await rewriteRow(office.dataSource, uuid, { verifier: `${before}x` });
      return run();
    });
    await authenticate(office, uuid);
    expect(await verifierOf(office, uuid)).toBe(`${before}x`);
  });

  it('[G-5] that would cost more than a server has is refused, and costs no more than any', async () => {
    const office = await open(cheap);
    const { uuid, before } = await issued(office);
    await rewriteRow(office.dataSource, uuid, { verifier: before.replace('m=7168', 'm=4194304') });
    await expect(authenticate(office, uuid)).rejects.toThrow(CredentialsError);
  });
});
