import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TicketOfficeModule, TicketService } from 'nestjs-ticketoffice';
import { filter, firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { anyDatabase } from '../support/app.js';
import { TestClock } from '../support/clock.js';
import { SECRET } from '../support/office.js';
import { afterwards } from '../support/suite-scope.js';

it('the nightly job deletes what has been over for 30 days', async () => {
  const { NightlyCleaning } = await import('./nightly.cleaning.js');
  const clock = new TestClock();
  const app = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot(anyDatabase.options({ autoLoadEntities: true, synchronize: true })),
      TicketOfficeModule.forRoot({ isGlobal: true, secret: SECRET, now: clock.now }),
      ScheduleModule.forRoot(),
    ],
    providers: [NightlyCleaning],
  }).compile();
  await app.init();
  afterwards(() => app.close());
  const tickets = app.get(TicketService);
  const { ticket } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
  const job = app.get(SchedulerRegistry).getCronJob('cleaning');
  expect(job.isActive).toBe(true);
  const run = async () => {
    const cleaned = firstValueFrom(tickets.events$.pipe(filter(({ type }) => type === 'cleaned')));
    void job.fireOnTick();
    await cleaned;
  };
  clock.advance('30d');
  await run();
  expect(await tickets.find(ticket.uuid)).not.toBeNull();
  clock.advance('1d');
  await run();
  expect(await tickets.find(ticket.uuid)).toBeNull();
});
