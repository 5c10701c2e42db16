import type { AddressInfo, Server } from 'node:net';
import { Controller, Get, type NestHybridApplicationOptions, UseInterceptors } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import {
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  Transport,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  Invitation,
  InvitationManager,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  Ticket,
  ticketOfficeMigrations,
  TicketOfficeModule,
  TicketService,
} from 'nestjs-ticketoffice';
import { EntityManager } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { ask, authorization } from '../invitations/ask.js';
import { captureLog } from '../invitations/captured-log.js';
import { DoorMessages } from '../readme/door.messages.js';
import { messageRequest as getRequest } from '../readme/message.request.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, SECRET, startApp } from '../support/app.js';
import { afterwards, ownResources } from '../support/suite-scope.js';
import { clientOf, connectTcp, type Outcome, send } from './messages.js';

const REFUSED = { error: { status: 'error', message: 'Internal server error' } };

@Controller()
class LouvreController {
  constructor(private readonly ledger: Ledger) {}

  @Get('louvre')
  @MessagePattern('louvre')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note('visit');
    return ticket.uuid;
  }

  @Get('open')
  open() {
    return 'Welcome';
  }

  @EventPattern('louvre.closed')
  @InvitationRequired('louvre', 'visit')
  hear(@Payload() _data: unknown) {
    this.ledger.note('heard');
  }

  @MessagePattern('louvre.write')
  @InvitationRequired('louvre', 'visit', { credentials: ['body'], getRequest })
  @UseInterceptors(StampInTransaction)
  write(@Invitation() ticket: Ticket, @InvitationManager() manager: EntityManager) {
    this.ledger.note('wrote');
    return [ticket.uuid, manager.queryRunner!.isTransactionActive];
  }

  @MessagePattern('louvre.look')
  @InvitationRequired('louvre', 'visit', { credentials: ['body'], getRequest })
  look(@Invitation() ticket: Ticket) {
    this.ledger.note('looked');
    return ticket.uuid;
  }
}

/** Credentials as a message has them: those that are issued lose their secret on the way through JSON. */
async function issue({ tickets }: Pick<Museum, 'tickets'>, place = 'louvre', purpose = 'visit') {
  const { uuid, password } = (await tickets.issue({ place, purpose, subject: 'leonard' })).credentials;
  return { uuid, password };
}

eachAdapter('a hybrid app', (adapter) => {
  const HYBRIDS: NestHybridApplicationOptions[] = [{ inheritAppConfig: false }, { inheritAppConfig: true }];

  describe.each(HYBRIDS)('with %o', (hybrid) => {
    const start = async () => {
      const museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController, DoorMessages] });
      return { museum, client: await connectTcp(museum.app, hybrid) };
    };

    it('[M-2] guards its routes, and refuses the messages of the same handlers with an error', async () => {
      const { museum, client } = await start();
      const credentials = await issue(museum);
      const before = await museum.row(credentials.uuid);
      const headers = authorization(credentials);
      for (const data of [{ ...credentials, headers }, '', 0, credentials.uuid])
        expect(await send(client, 'louvre', data)).toEqual(REFUSED);
      expect(museum.ledger.entries).toEqual([]);
      expect(await museum.row(credentials.uuid)).toEqual(before);
      expect((await ask(museum.app, '/open')).body).toBe('Welcome');
      expect((await ask(museum.app, '/louvre')).status).toBe(401);
      expect((await ask(museum.app, '/louvre', { headers })).body).toBe(credentials.uuid);
      expect((await ask(museum.app, '/louvre', { headers })).status).toBe(403);
      expect(museum.ledger.entries).toEqual(['visit']);
    });

    it('[M-2] runs no event handler without getRequest', async () => {
      const { museum, client } = await start();
      const credentials = await issue(museum);
      client.emit('louvre.closed', credentials);
      // On the same connection, and after it.
      expect(await send(client, 'louvre.look', credentials)).toEqual({ answer: credentials.uuid });
      expect(museum.ledger.entries).toEqual(['looked']);
    });

    it('[R-1] admits by the credentials in a message, once of 20 at the same time', async () => {
      const { museum, client } = await start();
      const credentials = await issue(museum, 'door', 'open');
      const sent = Array.from({ length: 20 }, () => send(client, 'door.open', { ...credentials }));
      const outcomes = await Promise.all(sent);
      const opened = outcomes.filter((outcome) => 'answer' in outcome);
      expect(opened).toEqual([{ answer: { openedFor: 'leonard' } }]);
      const codes = outcomes.flatMap((outcome) => ('error' in outcome ? errorCodeOf(outcome) : []));
      expect(codes).toHaveLength(19);
      expect(new Set(codes.filter((code) => code !== 'TICKET_BUSY' && code !== 'TICKET_USED'))).toEqual(
        new Set(),
      );
    });

    it('[M-2] tells the sender why, by a filter', async () => {
      const { museum, client } = await start();
      const { uuid, password } = await issue(museum, 'door', 'open');
      const elsewhere = await issue(museum);
      const refusals: [unknown, string][] = [
        [{}, 'TICKET_MISSING'],
        [0, 'TICKET_MISSING'],
        ['a text', 'TICKET_MISSING'],
        [[uuid, password], 'TICKET_MISSING'],
        [{ uuid }, 'TICKET_INVALID'],
        [{ uuid, password: { not: '' } }, 'TICKET_INVALID'],
        [{ uuid, password: `${password}x` }, 'TICKET_INVALID'],
        [elsewhere, 'TICKET_INVALID'],
      ];
      for (const [data, code] of refusals)
        expect(errorCodeOf(await send(client, 'door.open', data)), JSON.stringify(data)).toBe(code);
      expect(await send(client, 'door.open', { uuid, password })).toHaveProperty('answer');
    });

    it('stamps in a transaction, with the ticket and the manager of the message', async () => {
      const { museum, client } = await start();
      const all = await Promise.all(Array.from({ length: 5 }, () => issue(museum)));
      const sent = all.flatMap((credentials) => [credentials, credentials]);
      const outcomes = await Promise.all(sent.map((data) => send(client, 'louvre.write', data)));
      const answers = outcomes.flatMap((outcome) => ('answer' in outcome ? [outcome.answer] : []));
      expect(new Set(answers)).toEqual(new Set(all.map(({ uuid }) => [uuid, true])));
      expect(museum.ledger.count('wrote')).toBe(5);
    });
  });

  it('has the stamp of the whole app on its messages where it inherits the app’s configuration, and only there', async () => {
    for (const hybrid of HYBRIDS) {
      const museum = await startApp(adapter, anyDatabase, {
        controllers: [LookController],
        providers: [{ provide: APP_INTERCEPTOR, useClass: StampInvitation }],
      });
      const client = await connectTcp(museum.app, hybrid);
      const credentials = await issue(museum);
      expect(await send(client, 'look', credentials)).toEqual({ answer: 'Welcome' });
      const again = await send(client, 'look', credentials);
      expect('error' in again).toBe(hybrid.inheritAppConfig);
    }
  });
});

@Controller()
class LookController {
  @MessagePattern('look')
  @InvitationRequired('louvre', 'visit', { credentials: ['body'], getRequest })
  look() {
    return 'Welcome';
  }
}

const errorCodeOf = (outcome: Outcome): unknown =>
  'error' in outcome ? (outcome.error as { errorCode?: unknown }).errorCode : undefined;

describe('a microservice without HTTP', () => {
  ownResources();

  it('[M-2] has a ticket office, refuses a message without getRequest, and admits by one with it', async () => {
    captureLog();
    const typeorm = TypeOrmModule.forRoot(
      anyDatabase.options({
        autoLoadEntities: true,
        migrations: ticketOfficeMigrations,
        migrationsRun: true,
      }),
    );
    const office = TicketOfficeModule.forRoot({ isGlobal: true, secret: SECRET });
    const testing = await Test.createTestingModule({
      imports: [typeorm, office],
      controllers: [LouvreController, DoorMessages],
      providers: [Ledger],
    }).compile();
    const app = testing.createNestMicroservice<MicroserviceOptions>({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: 0 },
    });
    afterwards(() => app.close());
    await app.listen();
    const { port } = app.unwrap<Server>().address() as AddressInfo;
    const client = clientOf(port);
    const tickets = app.get(TicketService);
    const credentials = await issue({ tickets }, 'door', 'open');
    expect(await send(client, 'louvre', credentials)).toEqual(REFUSED);
    expect(await send(client, 'door.open', credentials)).toEqual({ answer: { openedFor: 'leonard' } });
    expect(errorCodeOf(await send(client, 'door.open', credentials))).toBe('TICKET_USED');
  });
});
