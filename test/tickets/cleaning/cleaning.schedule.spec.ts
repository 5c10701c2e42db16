import type { TicketEvent } from 'nestjs-ticketoffice';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { cleaningProblem, cleaningSettings } from '../../../lib/tickets/cleaning/cleaning.settings.js';
import { captureLog } from '../../invitations/captured-log.js';
import { aroundQueries } from '../../support/around-queries.js';
import { barrier } from '../../support/barrier.js';
import { TestClock } from '../../support/clock.js';
import { eachDatabase } from '../../support/databases.js';
import { startOffice } from '../../support/office.js';

const visit = { place: 'louvre', purpose: 'visit' };
const isCleaned = ({ type }: TicketEvent) => type === 'cleaned';
const isDelete = (sql: string) => sql.startsWith('DELETE');

eachDatabase('The option cleaning', (database) => {
  it('cleans now and then while the app runs', async () => {
    const clock = new TestClock();
    const cleaning = { every: 1000, keep: '1d' } as const;
    const { tickets } = await startOffice(database, { now: clock.now, cleaning });
    const runs = firstValueFrom(tickets.events$.pipe(filter(isCleaned), take(2), toArray()));
    const young = (await tickets.issue({ ...visit, expiresIn: '2d' })).ticket;
    const old = (await tickets.issue({ ...visit, expiresIn: 1 })).ticket;
    clock.advance('2d');
    await runs;
    expect(await tickets.find(old.uuid)).toBeNull();
    expect(await tickets.find(young.uuid)).not.toBeNull();
  });

  it('ends with the app, which waits for the batch at work', async () => {
    const clock = new TestClock();
    const cleaning = { every: 1000, keep: 0, batchSize: 1 };
    const { tickets, dataSource, app } = await startOffice(database, { now: clock.now, cleaning });
    for (let issued = 0; issued < 3; issued += 1) await tickets.issue({ ...visit, expiresIn: 1 });
    const [atWork, gate] = [barrier(), barrier()];
    let deletions = 0;
    aroundQueries(dataSource, async (sql, run) => {
      if (!isDelete(sql)) return run();
      deletions += 1;
      atWork.open();
      await gate.opened;
      return run();
    });
    clock.advance(1);
    await atWork.opened;
    let isClosed = false;
    const closing = app.close().then(() => (isClosed = true));
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    gate.open();
    await closing;
    expect(deletions).toBe(1);
  });

  it('logs a run that fails, and goes on with the next', async () => {
    const { tickets, dataSource } = await startOffice(database, { cleaning: { every: 1000 } });
    const log = captureLog();
    let finds = 0;
    aroundQueries(dataSource, async (sql, run) => {
      if (!sql.includes('instant')) return run();
      finds += 1;
      if (finds === 1) throw new Error('the disk is full');
      return run();
    });
    await firstValueFrom(tickets.events$.pipe(filter(isCleaned), take(2), toArray()));
    expect(log.filter(({ text }) => text.includes('Cleaning has failed'))).toHaveLength(1);
  });
});

describe('The option cleaning', () => {
  it('has defaults', () => {
    const days = 30 * 86_400_000;
    expect(cleaningSettings({})).toEqual({ every: null, keep: days, batchSize: 500 });
    expect(cleaningSettings({ every: '1h', keep: 0 })).toEqual({ every: 3_600_000, keep: 0, batchSize: 500 });
  });

  it.each<[unknown, string]>([
    [null, 'must be { every'],
    ['1h', 'not a string'],
    [{ evry: '1h' }, "no setting 'evry'"],
    [{ every: 0 }, 'every'],
    [{ every: 999 }, 'at least 1000 ms'],
    [{ every: '1ms' }, 'at least 1000 ms'],
    [{ keep: null }, 'keep'],
    [{ keep: -1 }, 'keep'],
    [{ keep: '30' }, 'keep'],
    [{ batchSize: 0 }, 'batchSize'],
    [{ batchSize: 10_001 }, 'batchSize'],
    [{ batchSize: 1.5 }, 'batchSize'],
  ])('[M-4] names the problem of %j', (value, problem) => {
    expect(cleaningProblem(value)).toContain(problem);
  });

  it.each([{}, { every: null }, { every: '60d' }, { keep: '1ms', batchSize: 1, every: undefined }])(
    'takes %j',
    (value) => {
      expect(cleaningProblem(value)).toBeUndefined();
    },
  );
});
