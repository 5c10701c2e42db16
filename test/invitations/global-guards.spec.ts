import { createRequire } from 'node:module';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  Req,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import {
  InvitationRequired,
  InvitationRequirement,
  StampInvitation,
  TicketOfficeConfigurationError,
} from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../support/app.js';
import { ask, queryOf } from './ask.js';
import { ticketFor } from './visit.app.js';

/** What Passport, which has no types here, calls a strategy. */
const { Strategy } = createRequire(import.meta.url)('passport') as {
  Strategy: new () => {
    readonly name?: string;
    success(user: object): void;
    fail(challenge: string): void;
    authenticate(request: object): void;
  };
};

/** A strategy such as Passport's for JWT: a user for a bearer token. */
class BearerStrategy extends Strategy {
  override readonly name = 'bearer';

  override authenticate({ headers }: { headers: { authorization?: string } }): void {
    if (headers.authorization === 'Bearer of the key') this.success({ id: 'curator', roles: ['staff'] });
    else this.fail('Bearer');
  }
}

@Injectable()
class KeyStrategy extends PassportStrategy(BearerStrategy) {
  validate(user: object): object {
    return user;
  }
}

/** Passport's guard of docs/beside-a-log-in.md. */
@Injectable()
export class LoggedInGuard extends AuthGuard('bearer') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext) {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride(InvitationRequirement, targets)
      ? true
      : super.canActivate(context);
  }
}

/** A guard that looks at the user. */
@Injectable()
class GuestsOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { user } = context.switchToHttp().getRequest<{ user?: { roles: string[] } }>();
    return user?.roles.includes('guest') ?? false;
  }
}

interface WithUser {
  readonly user?: unknown;
}

@Controller()
class HallController {
  @Get('office')
  office(@Req() { user }: WithUser) {
    return user;
  }

  @Get('visit')
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Req() { user }: WithUser) {
    return user;
  }

  // Guards run in the order in which they are bound, and decorators from the bottom up.
  @Get('after')
  @UseGuards(GuestsOnly)
  @InvitationRequired('louvre', 'visit')
  after(@Req() { user }: WithUser) {
    return user;
  }

  @Get('before')
  @InvitationRequired('louvre', 'visit')
  @UseGuards(GuestsOnly)
  before() {
    return 'nobody comes here';
  }
}

@Controller('hall')
@InvitationRequired('louvre', 'visit')
class WholeHallController {
  @Get()
  @UseGuards(GuestsOnly)
  hall(@Req() { user }: WithUser) {
    return user;
  }
}

@Controller()
class OnlyMarked {
  @Get('marked')
  @InvitationRequirement({ place: 'louvre', purpose: 'visit', credentials: [] })
  marked() {}
}

@Module({ imports: [PassportModule], providers: [KeyStrategy] })
class KeyModule {}

const providers = [{ provide: APP_GUARD, useClass: LoggedInGuard }];
const options = { guest: () => ({ id: 'a guest', roles: ['guest'] }) };

eachAdapter('a guard of the whole app, by Passport', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, {
      controllers: [HallController, WholeHallController],
      imports: [KeyModule],
      providers,
      options,
    });
  });

  it('[F-23] lets by what requires an invitation, by its metadata, and guards the rest', async () => {
    expect((await ask(museum.app, '/office')).status).toBe(401);
    const key = { Authorization: 'Bearer of the key' };
    expect((await ask(museum.app, '/office', { headers: key })).body).toContain('curator');
    expect(await ask(museum.app, '/visit', { headers: key })).toMatchObject({ status: 401 });
    expect((await ask(museum.app, '/visit')).body).toContain('TICKET_MISSING');
    const guest = await ticketFor(museum);
    expect(await guest.visit()).toMatchObject({
      status: 200,
      body: expect.stringContaining('a guest') as unknown,
    });
    expect((await guest.row()).usedAt).not.toBeNull();
    const { credentials } = await ticketFor(museum);
    expect((await ask(museum.app, `/hall?${queryOf(credentials)}`)).status).toBe(303);
  });

  it('[F-23] lets the guest of an invitation meet the guards that run after its own', async () => {
    const { headers } = await ticketFor(museum);
    for (const path of ['/after', '/hall'])
      expect(await ask(museum.app, path, { headers }), path).toMatchObject({ status: 200 });
    expect((await ask(museum.app, '/before', { headers })).status).toBe(403);
  });

  it('[F-23] does not boot where the metadata is written without the guard', async () => {
    const starting = startApp(adapter, anyDatabase, { controllers: [OnlyMarked] });
    await expect(starting).rejects.toThrow(TicketOfficeConfigurationError);
    await expect(starting).rejects.toThrow(
      'OnlyMarked.marked requires an invitation, but has no InvitationGuard',
    );
  });
});
