import { CredentialsError, type TicketOfficeOptions } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../support/databases.js';
import { StatementLog } from '../../support/statement-log.js';
import { startOffice, rawRow, rewriteRow } from '../../support/office.js';

const PASSWORD = 'I love Paris';
const visit = { place: 'louvre', purpose: 'visit' };
const low = { memoryCost: 7168, timeCost: 5 };
const high = { memoryCost: 8192, timeCost: 5 };

eachDatabase('[ST-6] A ticket that was issued at another argon2 cost', (database) => {
  const log = new StatementLog();
  const open = (argon2: TicketOfficeOptions['argon2']) => startOffice(database, { argon2 }, { logger: log });
  type Office = Awaited<ReturnType<typeof open>>;
  const authenticate = ({ tickets }: Office, uuid: string, password: string) =>
    tickets.authenticate({ uuid, password }, 'louvre', 'visit');

  it.each([
    ['lower', low, high, PASSWORD],
    ['higher', high, low, PASSWORD],
    ['lower, for a code', low, high, { digits: 8 }],
  ])('still opens when that is %s, and keeps its hash', async (_, before, now, wanted) => {
    const { credentials } = await (await open(before)).tickets.issue({ ...visit, password: wanted });
    const { uuid, password } = credentials;
    const office = await open(now);
    const row = await rawRow(office.dataSource, uuid);
    const statements = await log.during(() => authenticate(office, uuid, password));
    expect(statements.map((sql) => sql.split(' ')[0])).toEqual(['SELECT', 'UPDATE', 'UPDATE']);
    expect(await rawRow(office.dataSource, uuid)).toEqual(row);
    await expect(authenticate(office, uuid, 'I love London')).rejects.toThrow(CredentialsError);
  });

  it('[G-5] is refused where that is more than a server has, and costs no more than any', async () => {
    const office = await open(low);
    const { uuid } = (await office.tickets.issue({ ...visit, password: PASSWORD })).credentials;
    const { verifier } = await rawRow(office.dataSource, uuid);
    await rewriteRow(office.dataSource, uuid, {
      verifier: String(verifier).replace('m=7168', 'm=4194304'),
    });
    await expect(authenticate(office, uuid, PASSWORD)).rejects.toThrow(CredentialsError);
  });
});
