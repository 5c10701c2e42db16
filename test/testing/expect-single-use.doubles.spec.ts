import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Injectable,
  type NestInterceptor,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Invitation, InvitationRequired, StampInvitation, Ticket, TicketService } from 'nestjs-ticketoffice';
import { expectSingleUse, type Send } from 'nestjs-ticketoffice/testing';
import { lastValueFrom, of } from 'rxjs';
import { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import { invitationOf } from '../../lib/invitations/invitation.context.js';
import { ClaimOnThis, SelectThenUpdate, StampByUpsert, StampWithoutCount } from '../once/doubles.js';
import { hold, letAllGo } from '../once/checkpoints.js';
import { behindTicketOnGuard } from '../once/stamps.js';
import { adapterNamed, request } from '../support/adapters.js';
import { type Museum, startApp } from '../support/app.js';
import { rendezvous } from '../support/barrier.js';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { rawRow } from '../support/office.js';

const PARALLEL = 20;
const required = InvitationRequired('louvre', 'visit') as MethodDecorator;

/** A deliberately naive stamp: reads how often the ticket was used, and writes one more. */
@Injectable()
class CountThenWrite implements NestInterceptor {
  constructor(private readonly dataSource: DataSource) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const { uuid } = invitationOf(context)!;
    const uses = Number((await rawRow(this.dataSource, uuid))['attempts']);
    if (uses > 0) throw new ForbiddenException();
    const value: unknown = await lastValueFrom(next.handle());
    await this.dataSource.query(
      `UPDATE ticket_office_ticket SET attempts = ${uses + 1} WHERE uuid = '${uuid}'`,
    );
    return of(value);
  }
}

/** A deliberately naive stamp: the claim is good, and it is never stamped. */
@Injectable()
class ReleasesAlways implements NestInterceptor {
  constructor(private readonly tickets: TicketService) {}

  async intercept(context: ExecutionContext, next: CallHandler) {
    const claim = await this.tickets.claim(invitationOf(context)!);
    const value: unknown = await lastValueFrom(next.handle());
    await claim.release();
    return of(value);
  }
}

interface Stamped {
  readonly interceptor: Type<NestInterceptor>;
  readonly guarded?: MethodDecorator;
  /** How many have to be admitted before one goes on. */
  readonly admitted?: number;
  /** How many have to be in the handler before one goes on. */
  readonly inHandler?: number;
}

async function start(
  database: TestDatabase,
  { interceptor, guarded = required, admitted = 1, inHandler = 1 }: Stamped,
): Promise<Museum> {
  const [admit, arrive] = [rendezvous(admitted), rendezvous(inHandler)];
  const afterAdmission = { canActivate: () => admit().then(() => true) };

  @Controller()
  class VisitController {
    @Get('louvre')
    // Above the requirement: guards run in the order of their binding, from the bottom up.
    @UseGuards(afterAdmission)
    @guarded
    @UseInterceptors(interceptor)
    async visit(@Invitation() { uuid }: Ticket): Promise<string> {
      await arrive();
      return uuid;
    }
  }
  return startApp(adapterNamed('Express'), database, { controllers: [VisitController] });
}

async function invite({ app, tickets }: Museum): Promise<{ uuid: string; send: Send }> {
  const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
  const { uuid, password } = credentials;
  return { uuid, send: () => request(app).get('/louvre').set('Authorization', `Ticket ${uuid}:${password}`) };
}

eachDatabase('expectSingleUse()', (database) => {
  it.each([SelectThenUpdate, StampWithoutCount, StampByUpsert, CountThenWrite])(
    'catches %o',
    async (interceptor) => {
      const museum = await start(database, { interceptor, admitted: PARALLEL, inHandler: PARALLEL });
      const { send } = await invite(museum);
      const told = await expectSingleUse(send, { parallel: PARALLEL }).catch(String);
      expect(told).toContain(`${PARALLEL} of ${PARALLEL} parallel requests succeeded, not 1`);
    },
  );

  it('catches a stamp that gives each ticket back', async () => {
    const { send } = await invite(await start(database, { interceptor: ReleasesAlways }));
    expect(await expectSingleUse(send).catch(String)).toContain(
      'one more request afterwards was not refused (403, or 409 with another errorCode than TICKET_BUSY): 200',
    );
  });

  it('catches a guard that keeps the ticket on itself, by two tickets', async () => {
    const museum = await start(database, { interceptor: StampInvitation, guarded: behindTicketOnGuard });
    const guests = [await invite(museum), await invite(museum)];
    const arrive = rendezvous(2 * PARALLEL);
    for (const { uuid } of guests) hold('admitted', uuid, () => void arrive().then(letAllGo));
    const told = await expectSingleUse(
      guests.map(({ send }) => send),
      { parallel: PARALLEL },
    ).catch(String);
    expect(told).toMatch(/ticket [12]: one more request afterwards was not refused .*: 200/);
  });

  it('catches an interceptor that keeps the claim on itself, by two tickets', async () => {
    const museum = await start(database, { interceptor: ClaimOnThis, inHandler: 2 });
    const guests = [await invite(museum), await invite(museum)];
    const told = await expectSingleUse(guests.map(({ send }) => send)).catch(String);
    expect(told).toMatch(/ticket [12]: the ticket is still claimed/);
  });

  it('resolves for StampInvitation, with one ticket and with two', async () => {
    for (const number of [1, 2]) {
      const museum = await start(database, { interceptor: StampInvitation, admitted: number * PARALLEL });
      const guests = await Promise.all(Array.from({ length: number }, () => invite(museum)));
      await expectSingleUse(
        guests.map(({ send }) => send),
        { parallel: PARALLEL },
      );
    }
  });
});
