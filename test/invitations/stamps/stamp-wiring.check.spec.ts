import {
  Controller,
  Get,
  type INestApplication,
  Injectable,
  Post,
  Sse,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import {
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  TicketOfficeConfigurationError,
} from 'nestjs-ticketoffice';
import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { adapterNamed, eachAdapter } from '../../support/adapters.js';
import { anyDatabase, Ledger, type MuseumParts, startApp } from '../../support/app.js';
import { ask, authorization } from '../ask.js';

@Injectable()
class HouseStamp extends StampInvitation {}

const instance = Object.create(StampInvitation.prototype) as StampInvitation;

@Controller()
class OnMethod {
  @Get('forgotten')
  @UseInterceptors(StampInvitation)
  forgotten() {}
}

@Controller()
class OnMethodAbove {
  @UseInterceptors(StampInvitation)
  @Post('forgotten')
  forgotten() {}
}

@Controller('class')
@UseInterceptors(StampInvitation)
class OnClass {
  @Get()
  forgotten() {}
}

@UseInterceptors(StampInvitation)
@Controller('class')
class OnClassAbove {
  @Get('one')
  @InvitationRequired('louvre', 'visit')
  remembered() {}

  @Get('two')
  forgotten() {}
}

abstract class Base {
  @Get('inherited')
  @UseInterceptors(StampInvitation)
  forgotten() {}
}

@Controller()
class InheritedHandler extends Base {}

@UseInterceptors(StampInvitation)
abstract class StampedBase {}

@Controller()
class InheritedClass extends StampedBase {
  @Get('heir')
  forgotten() {}
}

@Controller()
class Subclass {
  @Get('subclass')
  @UseInterceptors(HouseStamp)
  forgotten() {}
}

@Controller()
class Instance {
  @Get('instance')
  @UseInterceptors(instance)
  forgotten() {}
}

@Controller()
class AmongOthers {
  @Get('others')
  @UseInterceptors({ intercept: (_, next) => next.handle() }, StampInvitation)
  forgotten() {}
}

@Controller()
class SymbolNamed {
  @Get('symbol')
  @UseInterceptors(StampInvitation)
  ['forgotten']() {}
}

@Controller()
class Transaction {
  @Get('transaction')
  @UseInterceptors(StampInTransaction)
  forgotten() {}
}

@Controller('transaction-class')
@UseInterceptors(StampInTransaction)
class TransactionOnClass {
  @Get()
  forgotten() {}
}

@Controller('twice')
@InvitationRequired('louvre', 'visit')
class Twice {
  @Get('handler')
  @UseInterceptors(StampInvitation, StampInTransaction)
  stamped() {}
}

@Controller('twice')
@InvitationRequired('louvre', 'visit')
@UseInterceptors(StampInTransaction)
class TwiceByClass {
  @Get('class')
  @UseInterceptors(HouseStamp)
  stamped() {}
}

@Controller('stream')
@InvitationRequired('louvre', 'visit')
class Stream {
  @Sse('claimed')
  @UseInterceptors(StampInvitation)
  stamped() {
    return NEVER;
  }
}

@Controller('stream')
@InvitationRequired('louvre', 'visit')
@UseInterceptors(StampInTransaction)
class TransactionStream {
  @Sse('transaction')
  stamped() {
    return NEVER;
  }
}

@Controller('same')
@InvitationRequired('louvre', 'visit')
@UseInterceptors(StampInTransaction)
class SameTwice {
  @Get()
  @UseInterceptors(StampInTransaction)
  stamped() {}
}

@Controller('same')
@InvitationRequired('louvre', 'visit')
class SameTwiceOnHandler {
  @Get()
  @UseInterceptors(StampInvitation, StampInvitation)
  stamped() {}
}

@Controller()
class StampFirst {
  @Get('a')
  @UseInterceptors(StampInvitation)
  @InvitationRequired('louvre', 'visit')
  visit() {}
}

@Controller()
class RequiredFirst {
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  @Get('b')
  visit() {}
}

@InvitationRequired('louvre', 'visit')
@UseInterceptors(StampInvitation)
@Controller('c')
class BothOnClass {
  @Get()
  visit() {}
}

@InvitationRequired('louvre', 'visit')
@Controller('d')
class RequiredOnClass {
  @Get()
  @UseInterceptors(HouseStamp)
  visit() {}
}

@Controller('e')
@UseInterceptors(StampInvitation)
class StampOnClass {
  @Get()
  @InvitationRequired('louvre', 'visit')
  visit() {}

  helper() {}

  get lazily(): never {
    throw new Error('A getter is no handler');
  }
}

@Controller('f')
class Heir extends RequiredFirst {}

const wired = [StampFirst, RequiredFirst, BothOnClass, RequiredOnClass, StampOnClass, Heir];
const miswired = [OnMethod, OnMethodAbove, OnClass, OnClassAbove, InheritedHandler, InheritedClass];

// The boot check reads the controllers before a platform has any route.
describe('an app', () => {
  const adapter = adapterNamed('Express');

  it.each([...miswired, Subclass, Instance, AmongOthers, SymbolNamed, Transaction, TransactionOnClass])(
    '[M-1] does not start with a stamp and no invitation: $name',
    async (controller: Type) => {
      const starting = startApp(adapter, anyDatabase, { controllers: [...wired, controller] });
      const error: unknown = await starting.then(() => undefined).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
      expect((error as Error).message).toContain(`${controller.name}.forgotten`);
      expect((error as Error).message).toContain('@InvitationRequired(place, purpose)');
    },
  );

  it.each<[Type, string]>([
    [Twice, 'has 2 stamps (StampInvitation, StampInTransaction): write one of them'],
    [TwiceByClass, 'has 2 stamps (HouseStamp, StampInTransaction)'],
    [SameTwice, 'has 2 stamps (StampInTransaction, StampInTransaction)'],
    [SameTwiceOnHandler, 'has 2 stamps (StampInvitation, StampInvitation)'],
    [Stream, '@Sse() stream, which StampInvitation'],
    [TransactionStream, '@Sse() stream, which StampInTransaction'],
  ])('[M-1] does not start with a stamp that can only fail: %o', async (controller, complaint) => {
    const starting = startApp(adapter, anyDatabase, { controllers: [...wired, controller] });
    const error: unknown = await starting.then(() => undefined).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    expect((error as Error).message).toContain(`${controller.name}.stamped`);
    expect((error as Error).message).toContain(complaint);
  });
});

eachAdapter('an app', (adapter) => {
  it('[M-1] starts with stamps that have their invitation, in whatever order they are written', async () => {
    const museum = await startApp(adapter, anyDatabase, { controllers: wired });
    for (const path of ['/a', '/b', '/c', '/d', '/e', '/f/b']) {
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
      expect((await ask(museum.app, path)).status, path).toBe(401);
      expect((await ask(museum.app, path, { headers: authorization(credentials) })).status, path).toBe(200);
      expect((await museum.row(credentials.uuid))!.usedAt, path).not.toBeNull();
    }
  });
});

@Controller()
class PublicController {
  constructor(private readonly ledger: Ledger) {}

  @Get('public')
  open() {
    this.ledger.note('public');
    return 'Welcome';
  }

  @Get('guarded')
  @InvitationRequired('louvre', 'visit')
  guarded() {
    this.ledger.note('guarded');
    return 'Welcome';
  }
}

eachAdapter('a transaction with the stamp that is bound to all handlers', (adapter) => {
  const providers = [{ provide: APP_INTERCEPTOR, useClass: StampInTransaction }];

  it('[M-1] runs no handler that has no invitation: 500', async () => {
    const museum = await startApp(adapter, anyDatabase, { controllers: [PublicController], providers });
    expect((await ask(museum.app, '/public')).status).toBe(500);
    expect(museum.ledger.entries).toEqual([]);
  });
});

@Controller()
class LikewiseController {
  @Get('likewise')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit() {}
}

@Controller()
@UseInterceptors(StampInvitation)
class LikewiseOnClass {
  @Get('likewise')
  @InvitationRequired('louvre', 'visit')
  visit() {}
}

@Controller()
class OtherwiseController {
  @Get('otherwise')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInTransaction)
  visit() {}
}

@Controller()
class StreamController {
  @Sse('stream')
  @InvitationRequired('louvre', 'visit')
  stream() {
    return NEVER;
  }
}

eachAdapter('a stamp that is bound to all handlers', (adapter) => {
  const globally = (app: INestApplication) => app.useGlobalInterceptors(app.get(StampInvitation));
  const controllers = [PublicController];
  const bound = { provide: APP_INTERCEPTOR, useClass: StampInvitation };
  const ways: [string, MuseumParts][] = [
    ['by useGlobalInterceptors', { controllers, providers: [StampInvitation], before: globally }],
    ['by APP_INTERCEPTOR', { controllers, providers: [bound] }],
  ];

  describe.each(ways)('%s', (_, parts) => {
    it('[M-1] runs no handler that has no invitation: 500', async () => {
      const museum = await startApp(adapter, anyDatabase, parts);
      const answer = await ask(museum.app, '/public');
      expect(answer).toMatchObject({
        status: 500,
        body: '{"statusCode":500,"message":"Internal server error"}',
      });
      expect(museum.ledger.entries).toEqual([]);
    });

    it('[M-1] does not boot beside any other stamp, nor on an event stream', async () => {
      for (const [controller, fault] of [
        [LikewiseController, /LikewiseController\.visit has 2 stamps \(StampInvitation, StampInvitation\)/],
        [LikewiseOnClass, /LikewiseOnClass\.visit has 2 stamps/],
        [
          OtherwiseController,
          /OtherwiseController\.visit has 2 stamps \(StampInTransaction, StampInvitation\)/,
        ],
        [StreamController, /StreamController\.stream is an @Sse\(\) stream/],
      ] as const)
        await expect(startApp(adapter, anyDatabase, { ...parts, controllers: [controller] })).rejects.toThrow(
          fault,
        );
    });

    it('stamps the tickets of those that have one', async () => {
      const museum = await startApp(adapter, anyDatabase, parts);
      const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
      const headers = authorization(credentials);
      expect((await ask(museum.app, '/guarded', { headers })).status).toBe(200);
      expect((await ask(museum.app, '/guarded', { headers })).status).toBe(403);
      expect(museum.ledger.entries).toEqual(['guarded']);
    });
  });
});
