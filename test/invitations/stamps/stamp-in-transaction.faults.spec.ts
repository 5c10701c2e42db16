import { HttpException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { faultsOn, type MakeFault, spoil } from '../../support/driver-faults.js';
import { eachPlatform } from '../../support/platforms.js';
import { Action, startTransactionApp, type TransactionApp } from '../transaction.app.js';
import { ticketFor } from '../visit.app.js';

const isVisit = (sql: string) => /^INSERT INTO .?visit/.test(sql);

eachPlatform('a passing fault of the database at a statement of the handler', (database, adapter) => {
  let office: TransactionApp;
  beforeAll(async () => {
    office = await startTransactionApp(adapter, database);
  });
  afterEach(() => {
    Object.assign(office.action, new Action());
  });

  /** Fails at the handler's own statement, the first one that it sends through the manager. */
  const spoilVisit = (make: MakeFault) => spoil(office.dataSource, isVisit, make, { times: 1 });

  const expectUndone = async ({ uuid, expectUntouched }: Awaited<ReturnType<typeof ticketFor>>) => {
    await expectUntouched();
    expect(await office.visits(uuid)).toBe(0);
  };

  it.each(faultsOn(database))('[N-5] is answered 503, and nothing is written: %s', async (_, make) => {
    const guest = await ticketFor(office);
    spoilVisit(make);
    const { status, headers, body } = await guest.visit('/action');
    expect({ status, ...JSON.parse(body) }).toMatchObject({
      status: 503,
      errorCode: 'TICKET_OFFICE_BUSY',
    });
    expect(headers['retry-after']).toBeDefined();
    await expectUndone(guest);
    expect((await guest.visit('/action')).status).toBe(200);
    expect(await office.visits(guest.uuid)).toBe(1);
  });

  it('stays the handler’s where the handler answers it', async () => {
    const guest = await ticketFor(office);
    const [[, make]] = faultsOn(database) as [[string, MakeFault]];
    office.action.act = async (_, manager) => {
      spoilVisit(make);
      await manager.query(`INSERT INTO visit VALUES ('1', '2')`).catch((error: unknown) => {
        expect(error).toBeInstanceOf(QueryFailedError);
        throw new HttpException('I am a teapot', 418);
      });
    };
    expect((await guest.visit('/action')).status).toBe(418);
    await expectUndone(guest);
  });

  it('is the app’s own at a statement without the manager', async () => {
    const guest = await ticketFor(office);
    const [[, make]] = faultsOn(database) as [[string, MakeFault]];
    office.action.act = () => {
      throw new QueryFailedError('SELECT 1', [], make());
    };
    expect((await guest.visit('/action')).status).toBe(500);
    await expectUndone(guest);
  });
});
