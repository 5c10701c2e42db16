import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eachDatabase } from '../support/databases.js';
import { startOffice } from '../support/office.js';

const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const [, restored] = /```sql\n(UPDATE [^;`]*)\n```/.exec(text)!;

eachDatabase('docs/operations.md, after a restored dump', (database) => {
  it('revokes what the dump believes to be open, and nothing else', async () => {
    const { tickets, dataSource } = await startOffice(database);
    const scope = { place: 'louvre', purpose: 'visit' };
    const [open, claimed, used, revoked] = await Promise.all(
      Array.from({ length: 4 }, () => tickets.issue(scope)),
    );
    await tickets.claim(claimed!.ticket);
    await tickets.redeem(used!.credentials, 'louvre', 'visit', async () => undefined);
    await tickets.revoke(revoked!.ticket.uuid);
    const before = (await tickets.find(revoked!.ticket.uuid))!.revokedAt;
    const quoted = database.type === 'mariadb' ? restored!.replaceAll('"', '`') : restored!;
    await dataSource.query(quoted.replace(':now', String(Date.now())));
    await expect(tickets.authenticate(open!.credentials, 'louvre', 'visit')).rejects.toMatchObject({
      code: 'TICKET_REVOKED',
    });
    expect((await tickets.find(claimed!.ticket.uuid))!.revoked).toBe(true);
    expect(await tickets.find(used!.ticket.uuid)).toMatchObject({ used: true, revokedAt: null });
    expect((await tickets.find(revoked!.ticket.uuid))!.revokedAt).toEqual(before);
  });
});
