import { Ticket } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { ask, authorization } from '../invitations/ask.js';
import { startTransactionApp, type TransactionApp } from '../invitations/transaction.app.js';
import { eachAdapter } from '../support/adapters.js';
import { dataSourceWith } from './data-source.js';
import { findPostgres, isPostgresRequired } from './postgres.programs.js';
import { PostgresServer } from './postgres.server.js';

const programs = findPostgres();
const scope = { place: 'louvre', purpose: 'visit' } as const;

if (programs) {
  eachAdapter('With a read replica that lags by an hour', (adapter) => {
    let museum: TransactionApp;
    beforeAll(async () => {
      const primary = await PostgresServer.create(programs);
      // The replica has the tables from its beginning, and no row of them.
      await (await startTransactionApp(adapter, dataSourceWith({ url: primary.url }))).app.close();
      const replica = await primary.createStandby('replica', { recovery_min_apply_delay: '1h' });
      const replication = { master: { url: primary.url }, slaves: [{ url: replica.url }] };
      museum = await startTransactionApp(adapter, dataSourceWith({ replication }));
    });

    const visit = async (path: string, headers: Record<string, string>) => {
      const { status, body } = await ask(museum.app, path, { headers });
      return status === 200 ? '200' : `${status} ${(JSON.parse(body) as { errorCode: string }).errorCode}`;
    };

    it('the app’s own reads go to the replica, which has no ticket', async () => {
      const { ticket } = await museum.tickets.issue(scope);
      expect(await museum.dataSource.getRepository(Ticket).findOneBy({ uuid: ticket.uuid })).toBeNull();
    });

    it.each(['/claimed', '/action'])('[N-4] a new ticket opens, once: %s', async (path) => {
      const { credentials } = await museum.tickets.issue(scope);
      const headers = authorization(credentials);
      expect(await visit(path, headers)).toBe('200');
      expect(await visit(path, headers)).toBe('403 TICKET_USED');
      expect(museum.ledger.count(credentials.uuid)).toBe(1);
    });

    it('[N-4] a pass of a moment ago admits, and not after the use', async () => {
      const { credentials } = await museum.tickets.issue(scope);
      const { uuid, password } = credentials;
      const opened = await ask(museum.app, `/claimed?uuid=${uuid}&password=${password}`);
      expect(opened.status).toBe(303);
      const Cookie = opened.headers['set-cookie']![0]!.split(';')[0]!;
      expect(await visit('/claimed', { Cookie })).toBe('200');
      expect(await visit('/claimed', { Cookie })).toBe('403 TICKET_USED');
    });

    it('[N-4] a wrong guess counts at once', async () => {
      const { credentials } = await museum.tickets.issue({ ...scope, password: 'I love Paris' });
      for (let guess = 1; guess <= 5; guess += 1) {
        const wrong = authorization({ uuid: credentials.uuid, password: 'I love Rome' });
        expect(await visit('/claimed', wrong)).toBe('403 TICKET_INVALID');
      }
      expect(await visit('/claimed', authorization(credentials))).toBe('403 TICKET_INVALID');
      expect(museum.ledger.count(credentials.uuid)).toBe(0);
    });

    it('[N-4] the office’s own reads show what has just been written', async () => {
      const { tickets } = museum;
      const { ticket, credentials } = await tickets.issue({ ...scope, subject: 'Mona Lisa' });
      const { uuid } = ticket;
      expect((await tickets.authenticate(credentials, 'louvre', 'visit')).uuid).toBe(uuid);
      const claim = await tickets.claim(ticket);
      expect((await tickets.list({ status: 'claimed' })).map((one) => one.uuid)).toContain(uuid);
      await claim.release();
      const { credentials: renewed } = await tickets.reissue(uuid, {});
      await expect(tickets.authenticate(credentials, 'louvre', 'visit')).rejects.toThrow();
      await tickets.redeem(renewed, 'louvre', 'visit', async () => undefined);
      expect((await tickets.find(uuid))?.used).toBe(true);
      expect(await tickets.list({ subject: 'Mona Lisa', status: 'used' })).toHaveLength(1);
      expect(await tickets.list({ subject: 'Mona Lisa', status: 'valid' })).toHaveLength(0);
      expect(await tickets.revoke(uuid)).toBe(false);
    });

    it('[N-4] count, inspect, duplicates and revokeAll() see what has just been written', async () => {
      const { tickets } = museum;
      const guest = { ...scope, subject: 'La Joconde' };
      const { ticket } = await tickets.issue(guest);
      expect(await tickets.count({ subject: guest.subject, status: 'valid' })).toBe(1);
      expect(await tickets.inspect(ticket.uuid)).toMatchObject({ status: 'valid' });
      await expect(tickets.issue({ ...guest, onDuplicate: 'reject' })).rejects.toMatchObject({
        code: 'TICKET_DUPLICATE',
      });
      await tickets.issue({ ...guest, onDuplicate: 'revoke' });
      expect(await tickets.count({ subject: guest.subject, status: 'revoked' })).toBe(1);
      expect(await tickets.revokeAll({ subject: guest.subject })).toBe(1);
      await tickets.check();
    });

    it('[N-4] clean() finds on the primary what it deletes', async () => {
      const { tickets } = museum;
      const { ticket } = await tickets.issue(scope);
      await tickets.revoke(ticket.uuid);
      await tickets.clean({ before: new Date(Date.now() + 1) });
      expect(await tickets.find(ticket.uuid)).toBeNull();
    });
  });
}

it.skipIf(programs)('[N-4] PostgreSQL’s programs are missing: apt-get install postgresql', ({ skip }) => {
  expect(isPostgresRequired()).toBe(false);
  skip('initdb, postgres and pg_basebackup are not installed: apt-get install postgresql');
});
