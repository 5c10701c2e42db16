import { Ticket } from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import { ServerConnection } from '../../lib/database/server.connections.js';
import { eachDatabase } from '../support/databases.js';

eachDatabase('A loan from a pool', (database) => {
  const onServer = it.runIf(database.type !== 'better-sqlite3');
  const onMariadb = it.runIf(database.type === 'mariadb');

  /** A pool of one, so that the next to borrow gets the connection that was given back. */
  async function pool() {
    const dataSource = await database.connect({ entities: [Ticket], ...ONE });
    await dataSource.query('CREATE TABLE IF NOT EXISTS note (body varchar(20))');
    await dataSource.query('DELETE FROM note');
    return dataSource;
  }
  const notes = (dataSource: DataSource) => dataSource.query<unknown[]>('SELECT body FROM note');
  const write = ({ queryRunner }: ServerConnection, body: string) =>
    queryRunner.query(`INSERT INTO note VALUES ('${body}')`);

  onServer('goes back as it was', async () => {
    const dataSource = await pool();
    const loan = new ServerConnection(dataSource);
    await loan.begin();
    await write(loan, 'kept');
    await loan.queryRunner.commitTransaction();
    await loan.release();
    expect(await notes(dataSource)).toEqual([{ body: 'kept' }]);
    await dataSource.query(`INSERT INTO note VALUES ('by the app')`);
    const other = await database.connect({ entities: [Ticket] });
    expect(await notes(other)).toHaveLength(2);
  });

  onServer('that is still in its transaction is closed, and what it wrote is gone', async () => {
    const dataSource = await pool();
    const loan = new ServerConnection(dataSource);
    await loan.begin();
    await write(loan, 'half done');
    await loan.release();
    await dataSource.query(`INSERT INTO note VALUES ('by the app')`);
    expect(await notes(dataSource)).toEqual([{ body: 'by the app' }]);
  });

  onMariadb('rolls back what comes after a transaction that the server has ended', async () => {
    const dataSource = await pool();
    const loan = new ServerConnection(dataSource);
    await loan.begin();
    // As a dead-lock does, of which nobody tells TypeORM.
    await loan.queryRunner.query('ROLLBACK');
    await write(loan, 'overlooked');
    await loan.queryRunner.rollbackTransaction();
    await loan.release();
    expect(await notes(dataSource)).toEqual([]);
    expect(await dataSource.query('SELECT @@autocommit AS autocommit')).toEqual([{ autocommit: '1' }]);
  });
});

const ONE = { poolSize: 1 } as object;
