import { beforeAll, expect, it } from 'vitest';
import { generateSecret } from '../../../lib/tickets/secrets/secret.js';
import { eachDatabase } from '../../support/databases.js';
import { StatementLog } from '../../support/statement-log.js';
import { startOffice, rewriteRow, type TicketOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

const verbs = (statements: string[]): string[] => statements.map((statement) => statement.split(' ')[0]!);

eachDatabase('The statements', (database) => {
  const log = new StatementLog();
  let office: TicketOffice;
  beforeAll(async () => {
    office = await startOffice(database, { maxAttempts: 1000 }, { logger: log });
  });

  const authenticate = (credentials: object, place = 'louvre') =>
    office.tickets.authenticate(credentials as never, place, 'visit');
  const during = async (work: () => Promise<unknown>) => verbs(await log.during(work));
  const admitted = async () => {
    const { credentials } = await office.tickets.issue(visit);
    return authenticate(credentials);
  };

  it('of issue() are one', async () => {
    expect(await during(() => office.tickets.issue(visit))).toEqual(['INSERT']);
    expect(await during(() => office.tickets.issue({ ...visit, password: 'Paris' }))).toEqual(['INSERT']);
  });

  it('of authenticate() are one for a generated secret, right or wrong', async () => {
    const { credentials } = await office.tickets.issue(visit);
    const { uuid } = credentials;
    expect(await during(() => authenticate(credentials))).toEqual(['SELECT']);
    for (const [shown, place] of [
      [{ uuid, password: generateSecret() }, 'louvre'],
      [{ uuid: UNKNOWN, password: generateSecret() }, 'louvre'],
      [credentials, 'orsay'],
    ] as const) {
      expect(await during(() => authenticate(shown, place).catch(() => undefined))).toEqual(['SELECT']);
    }
  });

  it('[G-5] of authenticate() are the same for every wrong human password', async () => {
    const { uuid } = (await office.tickets.issue({ ...visit, password: 'Paris' })).credentials;
    const used = await office.tickets.issue({ ...visit, password: 'Paris' });
    await (await office.tickets.claim(await authenticate(used.credentials))).stamp();
    const revoked = await office.tickets.issue({ ...visit, password: 'Paris' });
    await office.tickets.revoke(revoked.ticket.uuid);
    const generated = await office.tickets.issue(visit);
    const locked = await office.tickets.issue({ ...visit, password: 'Paris' });
    await rewriteRow(office.dataSource, locked.ticket.uuid, { attempts: 1000 });
    const code = await office.tickets.issue({ ...visit, password: { digits: 9 } });
    const ruined = await office.tickets.issue({ ...visit, password: 'Paris' });
    await rewriteRow(office.dataSource, ruined.ticket.uuid, { verifier: 'garbage' });
    const all = [used, revoked, generated, locked, code, ruined];
    const names = [uuid, UNKNOWN, ...all.map(({ ticket }) => ticket.uuid)];
    for (const name of names) {
      const wrong = () => authenticate({ uuid: name, password: 'London' }).catch(() => undefined);
      expect(await during(wrong)).toEqual(['SELECT', 'UPDATE']);
    }
    const elsewhere = () => authenticate({ uuid, password: 'Paris' }, 'orsay').catch(() => undefined);
    expect(await during(elsewhere)).toEqual(['SELECT', 'UPDATE']);
  });

  it('[C-4] of authenticate() are none for what can be nobody’s credentials', async () => {
    const { uuid } = (await office.tickets.issue(visit)).credentials;
    for (const shown of [
      undefined,
      {},
      { uuid },
      {
        uuid,
        password: '',
      },
      {
        uuid: '',
        password: 'Paris',
      },
      {
        uuid,
        password: 'x'.repeat(1 << 20),
      },
      {
        uuid: 'x'.repeat(8192),
        password: 'Paris',
      },
      {
        uuid: [uuid],
        password: 'Paris',
      },
      {
        uuid,
        password: ['Paris'],
      },
      {
        uuid,
        password: 'a\0',
      },
    ]) {
      expect(await during(() => authenticate(shown as object).catch(() => undefined))).toEqual([]);
    }
  });

  it('of a claim, its stamp and its release are one each', async () => {
    const ticket = await admitted();
    let claim = await office.tickets.claim(ticket);
    expect(await during(() => claim.release())).toEqual(['UPDATE']);
    expect(await during(async () => (claim = await office.tickets.claim(ticket)))).toEqual(['UPDATE']);
    expect(await during(() => claim.stamp())).toEqual(['UPDATE']);
  });

  it('of a lost claim are one that changes nothing, and one that asks why', async () => {
    const ticket = await admitted();
    await office.tickets.claim(ticket);
    const lost = () => office.tickets.claim(ticket).catch(() => undefined);
    expect(await during(lost)).toEqual(['UPDATE', 'SELECT']);
  });

  it('of revoke() and find() are one, and none for what is no name', async () => {
    const { uuid } = await admitted();
    expect(await during(() => office.tickets.find(uuid))).toEqual(['SELECT']);
    expect(await during(() => office.tickets.revoke(uuid))).toEqual(['UPDATE']);
    expect(await during(() => office.tickets.revoke(uuid))).toEqual(['UPDATE']);
    expect(await during(() => office.tickets.revoke('no name'))).toEqual([]);
    expect(await during(() => office.tickets.find('no name'))).toEqual([]);
  });

  it('of url() are none', async () => {
    const { credentials } = await office.tickets.issue(visit);
    expect(await during(async () => office.tickets.url('/louvre', credentials))).toEqual([]);
  });
});
