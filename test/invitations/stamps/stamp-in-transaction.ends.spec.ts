import { HttpException, StreamableFile } from '@nestjs/common';
import type { EntitySubscriberInterface } from 'typeorm';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { eachPlatform } from '../../support/platforms.js';
import { afterwards } from '../../support/suite-scope.js';
import { captureLog } from '../captured-log.js';
import { Action, type TransactionApp, startTransactionApp } from '../transaction.app.js';
import { ticketFor } from '../visit.app.js';

eachPlatform('The end of the transaction with the stamp', (database, adapter) => {
  let office: TransactionApp;
  beforeAll(async () => {
    office = await startTransactionApp(adapter, database);
  });
  afterEach(() => {
    Object.assign(office.action, new Action());
  });

  // SQLite's drivers have no streams.
  it.runIf(database.type !== 'better-sqlite3')(
    '[A-6] does not wait for a stream that the handler returns: 500, and the ticket can be used',
    async () => {
      for (let guests = 0; guests < 12; guests += 1) {
        const guest = await ticketFor(office);
        const logged = captureLog();
        office.action.act = async (_, manager) =>
          new StreamableFile(await manager.queryRunner!.stream('SELECT * FROM visit'));
        expect((await guest.visit('/action')).status).toBe(500);
        const { text, error } = logged.find((one) => one.text.includes(guest.uuid))!;
        expect([text, String(error)]).toEqual([
          expect.stringContaining('can be used again'),
          expect.stringContaining('Read it to its end'),
        ]);
        office.action.act = () => 'Done';
        await expect.poll(async () => (await guest.visit('/action')).status).toBe(200);
        expect(await office.visits(guest.uuid)).toBe(1);
      }
    },
  );

  it('[A-9] is its commit, whatever a subscriber does afterwards: 200', async () => {
    const guest = await ticketFor(office);
    const logged = captureLog();
    const broken: EntitySubscriberInterface = {
      afterTransactionCommit: () => Promise.reject(new Error('The audit trail is full')),
    };
    const { subscribers } = office.dataSource;
    subscribers.push(broken);
    afterwards(() => void subscribers.splice(subscribers.indexOf(broken), 1));
    expect(await guest.visit('/action')).toMatchObject({ status: 200, body: 'Done' });
    expect([(await guest.row()).usedAt, await office.visits(guest.uuid)]).toEqual([expect.any(Number), 1]);
    expect(logged.map(({ text }) => text)).toEqual([expect.stringContaining('stays written')]);
  });

  it('[A-12] is logged as what it was when the handler has committed, and then fails', async () => {
    const guest = await ticketFor(office);
    const logged = captureLog();
    office.action.act = async (_, manager) => {
      await manager.query('COMMIT');
      throw new HttpException('I am a teapot', 418);
    };
    expect((await guest.visit('/action')).status).toBe(418);
    expect([(await guest.row()).usedAt, await office.visits(guest.uuid)]).toEqual([expect.any(Number), 1]);
    expect(logged.map(({ text }) => text)).toEqual([
      expect.stringContaining(`Ticket ${guest.uuid} is used although its work has failed`),
    ]);
    expect((await guest.visit('/action')).status).toBe(403);
  });
});
