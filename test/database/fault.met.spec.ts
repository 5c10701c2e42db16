import { randomBytes } from 'node:crypto';
import { inject, it, expect, describe } from 'vitest';
import { ask, authorization } from '../invitations/ask.js';
import { startTransactionApp } from '../invitations/transaction.app.js';
import { eachPlatform } from '../support/platforms.js';
import { execute } from '../support/database-servers.js';
import type { TestDatabase } from '../support/databases.js';
import { startOffice } from '../support/office.js';
import { afterwards } from '../support/suite-scope.js';

const scope = { place: 'louvre', purpose: 'visit' };

/** The URL of a database for an account of MariaDB that may have only so many connections. */
async function accountWith(connections: number, database: TestDatabase): Promise<string> {
  const [name, password] = [`guest_${randomBytes(4).toString('hex')}`, randomBytes(8).toString('hex')];
  const server = inject('databases').find((target) => target.name === database.name)!.url;
  const url = new URL((database.options() as { url: string }).url);
  const limit = `IDENTIFIED BY '${password}' WITH MAX_USER_CONNECTIONS ${connections}`;
  await execute('mariadb', server, `CREATE USER '${name}'@'%' ${limit}`);
  afterwards(() => execute('mariadb', server, `DROP USER '${name}'@'%'`));
  await execute('mariadb', server, `GRANT ALL ON \`${url.pathname.slice(1)}\`.* TO '${name}'@'%'`);
  return Object.assign(url, { username: name, password }).href;
}

/** Makes a session one that only reads, as after a fail-over. */
const READ_ONLY: Partial<Record<TestDatabase['type'], string>> = {
  postgres: "SET default_transaction_read_only = 'on'",
  mariadb: 'SET SESSION TRANSACTION READ ONLY',
};

eachPlatform('[F-10] A fault that passes', (database, adapter) => {
  describe.runIf(database.type === 'mariadb')('of the account', () => {
    it('[F-10] that has no connection left is a 503, until it has one', async () => {
      const url = await accountWith(2, database);
      const options: TestDatabase['options'] = (more) =>
        database.options({ ...more, ...{ url, poolSize: 5 } });
      const { app, tickets, dataSource } = await startTransactionApp(adapter, { options });
      const { credentials } = await tickets.issue(scope);
      const visit = (path: string) => ask(app, path, { headers: authorization(credentials) });
      const holders = [dataSource.createQueryRunner(), dataSource.createQueryRunner()];
      for (const holder of holders) await holder.connect();
      for (const path of ['/claimed', '/action']) {
        const { status, headers } = await visit(path);
        expect([status, headers['retry-after']]).toEqual([503, '1']);
      }
      for (const holder of holders) await holder.release();
      expect((await visit('/claimed')).status).toBe(200);
    });
  });

  const sql = READ_ONLY[database.type];
  describe.runIf(sql)('of a server that only reads, since another one is the primary now', () => {
    it.each(['claim', 'redeem'] as const)('[F-10] is over for %s with another connection', async (call) => {
      const { tickets, dataSource } = await startOffice(database, {}, { poolSize: 1, dropSchema: true });
      const { credentials } = await tickets.issue(scope);
      const ticket = await tickets.authenticate(credentials, scope.place, scope.purpose);
      await dataSource.query(sql!);
      if (call === 'claim') await (await tickets.claim(ticket)).stamp();
      else await tickets.redeem(ticket, scope.place, scope.purpose, async () => undefined);
      expect(await tickets.find(ticket.uuid)).toMatchObject({ used: true });
    });
  });
});
