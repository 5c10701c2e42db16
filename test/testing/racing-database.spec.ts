import { setImmediate } from 'node:timers/promises';
import { Controller, ForbiddenException, Get, type Type, UseInterceptors } from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, Ticket, TicketService } from 'nestjs-ticketoffice';
import { expectSingleUse, TicketOfficeTestingModule } from 'nestjs-ticketoffice/testing';
import { Column, DataSource, Entity, IsNull, PrimaryColumn, Repository } from 'typeorm';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { describe, expect, it, vi } from 'vitest';
import { adapterNamed, request, startNestApp } from '../support/adapters.js';
import { afterwards, ownResources } from '../support/suite-scope.js';

/** What an app has of its own beside the ticket. */
@Entity()
class Visit {
  @PrimaryColumn()
  id!: string;

  @Column({ type: 'datetime', nullable: true })
  usedAt: Date | null = null;
}

abstract class OwnVisits {
  constructor(
    @InjectRepository(Visit) readonly visits: Repository<Visit>,
    readonly dataSource: DataSource,
  ) {}

  abstract visit(ticket: Ticket): Promise<string>;
}

/** Deliberately naive: looks, then writes. */
@Controller()
class FindThenUpdate extends OwnVisits {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  async visit(@Invitation() { uuid: id }: Ticket): Promise<string> {
    const visit = await this.visits.findOneByOrFail({ id });
    if (visit.usedAt) throw new ForbiddenException();
    await this.visits.update({ id }, { usedAt: new Date() });
    return 'Welcome';
  }
}

/** Deliberately naive: looks, then saves, in the transaction that TypeORM makes for it. */
@Controller()
class FindThenSave extends OwnVisits {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  async visit(@Invitation() { uuid: id }: Ticket): Promise<string> {
    const visit = await this.visits.findOneByOrFail({ id });
    if (visit.usedAt) throw new ForbiddenException();
    await this.visits.save(Object.assign(visit, { usedAt: new Date() }));
    return 'Welcome';
  }
}

/** Deliberately naive: looks, and does not read whether the conditional write has found a row. */
@Controller()
class IgnoresAffected extends OwnVisits {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  async visit(@Invitation() { uuid: id }: Ticket): Promise<string> {
    if (await this.visits.existsBy({ id, usedAt: IsNull() })) {
      await this.visits.update({ id, usedAt: IsNull() }, { usedAt: new Date() });
      return 'Welcome';
    }
    throw new ForbiddenException();
  }
}

/** Deliberately naive: remembers in the process, a moment too late. */
@Controller()
class RemembersLate {
  private readonly used = new Set<string>();

  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  async visit(@Invitation() { uuid }: Ticket): Promise<string> {
    if (this.used.has(uuid)) throw new ForbiddenException();
    await setImmediate();
    this.used.add(uuid);
    return 'Welcome';
  }
}

/** Correct: the conditional write decides. */
@Controller()
class ReadsAffected extends OwnVisits {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  async visit(@Invitation() { uuid: id }: Ticket): Promise<string> {
    const { affected } = await this.visits.update({ id, usedAt: IsNull() }, { usedAt: new Date() });
    if (affected !== 1) throw new ForbiddenException();
    return 'Welcome';
  }
}

/** Correct: the same in a transaction, which is rolled back where another request was first. */
@Controller()
class ReadsAffectedInTransaction extends OwnVisits {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  async visit(@Invitation() { uuid: id }: Ticket): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.update(Visit, { id, usedAt: IsNull() }, { usedAt: new Date() });
      if (affected !== 1) throw new ForbiddenException();
      return 'Welcome';
    });
  }
}

/** Correct: the stamp of the ticket office, around a handler with a transaction of the app's. */
@Controller()
class Stamped extends OwnVisits {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  async visit(@Invitation() { uuid: id }: Ticket): Promise<string> {
    const visit = await this.visits.findOneByOrFail({ id });
    await this.visits.save(Object.assign(visit, { usedAt: new Date() }));
    return 'Welcome';
  }
}

async function start(controller: Type, guests = 1) {
  const imports = [TicketOfficeTestingModule.forRoot(), TypeOrmModule.forFeature([Visit])];
  const app = await startNestApp(adapterNamed('Express'), { imports, controllers: [controller] });
  const invite = async () => {
    const { credentials } = await app.get(TicketService).issue({ place: 'louvre', purpose: 'visit' });
    const { uuid, password } = credentials;
    await app.get(DataSource).manager.insert(Visit, { id: uuid });
    return () => request(app).get('/louvre').set('Authorization', `Ticket ${uuid}:${password}`);
  };
  return Promise.all(Array.from({ length: guests }, invite));
}

describe('expectSingleUse() with the database that TicketOfficeTestingModule makes', () => {
  ownResources();

  describe.each([FindThenUpdate, FindThenSave, IgnoresAffected, RemembersLate])(
    'catches %o',
    (controller) => {
      it.each([1, 2, 3])('whose requests meet by themselves, time %i', async () => {
        const told = await expectSingleUse(await start(controller)).catch(String);
        expect(told).toMatch(/\d+ of 20 parallel requests succeeded, not 1/);
      });

      it('also with fake timers', async () => {
        const send = await start(controller);
        vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
        afterwards(() => vi.useRealTimers());
        const told = await expectSingleUse(send).catch(String);
        expect(told).toMatch(/\d+ of 20 parallel requests succeeded, not 1/);
      });
    },
  );

  it.each([ReadsAffected, ReadsAffectedInTransaction, Stamped])('resolves for %o', async (controller) => {
    for (const guests of [1, 3]) await expectSingleUse(await start(controller, guests));
  });
});
