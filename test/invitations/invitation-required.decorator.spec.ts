import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Head,
  Injectable,
  type INestApplication,
  UseGuards,
  UseInterceptors,
  VersioningType,
} from '@nestjs/common';
import { BaseExceptionFilter, ExternalContextCreator } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  type CredentialsLike,
  Invitation,
  InvitationGuard,
  InvitationRequired,
  StampInvitation,
  type Ticket,
  TicketInputError,
  TicketOfficeConfigurationError,
} from 'nestjs-ticketoffice';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../support/app.js';
import { isAtLeast } from '../support/versions.js';
import { ask, authorization, cookieOf, follow, queryOf } from './ask.js';

// Nest reads what to inject from a decorated class.
@Injectable()
abstract class Room {
  constructor(protected readonly ledger: Ledger) {}

  @Get('inherited')
  @InvitationRequired('louvre', 'visit')
  inherited(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'inherited';
  }

  @Get('overridden')
  @InvitationRequired('louvre', 'visit')
  overridden(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'base';
  }
}

@Controller('heirs')
class HeirController extends Room {
  @Get('overridden')
  @InvitationRequired('uffizi', 'visit')
  override overridden(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'heir';
  }
}

@Controller('wing')
@InvitationRequired('louvre', 'visit')
class WingController {
  constructor(private readonly ledger: Ledger) {}

  @Get()
  visit(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'wing';
  }

  @Get('shop')
  @InvitationRequired('louvre', 'purchase', { credentials: ['body'] })
  shop(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
    return 'shop';
  }
}

@Controller('annex')
class AnnexController extends WingController {}

@Controller({ path: 'rooms', version: '2' })
class VersionedController {
  @Get(':number')
  @InvitationRequired('louvre', 'visit')
  visit(@Invitation() ticket: Ticket) {
    return ticket.uuid;
  }
}

@Controller()
class MiswiredController {
  constructor(private readonly ledger: Ledger) {}

  @Get('unguarded')
  unguarded(@Invitation() ticket: Ticket) {
    this.ledger.note(ticket.uuid);
  }

  @Get('unrequired')
  @UseGuards(InvitationGuard)
  unrequired() {
    this.ledger.note('unrequired');
  }
}

@Catch()
class Witness extends BaseExceptionFilter implements ExceptionFilter {
  readonly seen: unknown[] = [];

  override catch(exception: unknown, host: ArgumentsHost) {
    this.seen.push(exception);
    super.catch(exception, host);
  }
}

async function issue(museum: Museum, place = 'louvre', purpose = 'visit'): Promise<CredentialsLike> {
  return (await museum.tickets.issue({ place, purpose })).credentials;
}

/** Asserts the way of a holder (401, 303, pass) to a handler, and the refusal of a ticket for elsewhere. */
async function guards(museum: Museum, path: string, holder: CredentialsLike, stranger: CredentialsLike) {
  const { ledger } = museum;
  const before = ledger.entries.length;
  expect((await ask(museum.app, path)).status).toBe(401);
  expect((await ask(museum.app, `${path}?${queryOf(stranger)}`)).status).toBe(403);
  const redirect = await ask(museum.app, `${path}?${queryOf(holder)}`);
  expect([redirect.status, follow(path, redirect.headers.location!)]).toEqual([303, path]);
  expect(ledger.entries.length).toBe(before);
  const answer = await ask(museum.app, path, { headers: { Cookie: cookieOf(redirect) } });
  expect(answer.status).toBe(200);
  return answer.body;
}

eachAdapter('a requirement', (adapter) => {
  const controllers = [HeirController, WingController, AnnexController, VersionedController];
  let museum: Museum;
  let [visit, purchase, uffizi] = [] as unknown as [CredentialsLike, CredentialsLike, CredentialsLike];
  const tickets = async () => {
    visit = await issue(museum);
    purchase = await issue(museum, 'louvre', 'purchase');
    uffizi = await issue(museum, 'uffizi');
  };

  describe('in an app', () => {
    beforeAll(async () => {
      museum = await startApp(adapter, anyDatabase, { controllers });
      await tickets();
    });

    it('on a class holds for its handlers', async () => {
      expect(await guards(museum, '/wing', visit, purchase)).toBe('wing');
    });

    it('on a handler goes before that of its class', async () => {
      expect(await guards(museum, '/wing/shop', purchase, visit)).toBe('shop');
    });

    it('on a class holds in a class that inherits', async () => {
      expect(await guards(museum, '/annex', visit, purchase)).toBe('wing');
      expect(await guards(museum, '/annex/shop', purchase, visit)).toBe('shop');
    });

    it('on a handler holds where it is inherited', async () => {
      expect(await guards(museum, '/heirs/inherited', visit, uffizi)).toBe('inherited');
    });

    it('on a handler gives way where it is overridden', async () => {
      expect(await guards(museum, '/heirs/overridden', uffizi, visit)).toBe('heir');
    });
  });

  it('holds under a global prefix and a version in the path', async () => {
    const before = (app: INestApplication) =>
      app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI });
    museum = await startApp(adapter, anyDatabase, { controllers, before });
    await tickets();
    expect(await guards(museum, '/api/v2/rooms/6', visit, uffizi)).toBe(visit.uuid);
    expect(await guards(museum, '/api/wing', visit, purchase)).toBe('wing');
  });

  it('holds under a version in a header', async () => {
    const before = (app: INestApplication) =>
      app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version' });
    museum = await startApp(adapter, anyDatabase, { controllers, before });
    await tickets();
    const version = { 'X-Version': '2' };
    expect((await ask(museum.app, '/rooms/6', { headers: version })).status).toBe(401);
    const headers = { ...version, ...authorization(visit) };
    expect(await ask(museum.app, '/rooms/6', { headers })).toMatchObject({ status: 200, body: visit.uuid });
  });
});

describe('a requirement that no ticket can meet', () => {
  it.each([
    ['an empty place', () => InvitationRequired('', 'visit'), 'place'],
    ['an empty purpose', () => InvitationRequired('louvre', ''), 'purpose'],
    ['no purpose', () => InvitationRequired('louvre', undefined as never), 'purpose'],
    ['a place too long', () => InvitationRequired('x'.repeat(101), 'visit'), 'place'],
    ['unknown options', () => InvitationRequired('louvre', 'visit', { body: true } as never), 'credentials'],
    [
      'an unknown source',
      () => InvitationRequired('louvre', 'visit', { credentials: ['cookie'] as never }),
      'body',
    ],
  ])('is an error where it is written: %s', (_, decorate, names) => {
    expect(decorate).toThrow(TicketInputError);
    expect(decorate).toThrow(names);
  });

  it('[M-4] is an error where it is written twice on one handler, or on one controller: only one would count', () => {
    const twice = () => {
      class Twice {
        @InvitationRequired('louvre', 'visit')
        @InvitationRequired('uffizi', 'visit')
        visit() {}
      }
      return Twice;
    };
    expect(twice).toThrow(TicketOfficeConfigurationError);
    expect(twice).toThrow(/Twice\.visit has @InvitationRequired\(\) twice/);
    const heirs = () => {
      @InvitationRequired('uffizi', 'visit')
      class Heir extends WingController {}
      return Heir;
    };
    expect(heirs).not.toThrow();
    const twiceOnClass = () => {
      @InvitationRequired('louvre', 'visit')
      @InvitationRequired('uffizi', 'visit')
      class Doubled {}
      return Doubled;
    };
    expect(twiceOnClass).toThrow(/Doubled has @InvitationRequired\(\) twice/);
  });
});

eachAdapter('a handler that is wired wrongly', (adapter) => {
  it.each([
    ['unguarded', 'MiswiredController.unguarded'],
    ['unrequired', '@InvitationRequired(place, purpose)'],
  ])('[M-1] is a configuration error that says what to write: %s', async (path, advice) => {
    let witness!: Witness;
    const before = (app: INestApplication) =>
      app.useGlobalFilters((witness = new Witness(app.getHttpAdapter())));
    const museum = await startApp(adapter, anyDatabase, { controllers: [MiswiredController], before });
    const headers = authorization(await issue(museum));
    expect((await ask(museum.app, `/${path}`, { headers })).status).toBe(500);
    expect(witness.seen).toEqual([expect.any(TicketOfficeConfigurationError)]);
    expect((witness.seen[0] as Error).message).toContain(advice);
    expect((witness.seen[0] as Error).message).toContain('@InvitationRequired(place, purpose)');
    expect(museum.ledger.entries).toEqual([]);
  });
});

/** As resolvers and gateways are: a provider, whose methods a transport calls through Nest's external context. */
@Injectable()
class LouvreResolver {
  constructor(private readonly ledger: Ledger) {}

  @InvitationRequired('louvre', 'visit')
  visit() {
    this.ledger.note('ran');
    return 'Welcome';
  }

  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  once() {
    this.ledger.note('ran');
    return 'Welcome';
  }
}

describe('the guard outside HTTP', () => {
  // What microservices, gateways and GraphQL hand to a handler: no request, a client, a request further back.
  it.each(['rpc', 'ws', 'graphql', 'something-new'])(
    '[M-2] refuses in a context of type %s',
    async (type) => {
      const adapter = { name: 'Fastify', create: () => new FastifyAdapter() } as const;
      const museum = await startApp(adapter, anyDatabase, { controllers: [], providers: [LouvreResolver] });
      const credentials = await issue(museum);
      const row = await museum.row(credentials.uuid);
      const query = `?${queryOf(credentials)}`;
      const request = {
        originalUrl: `/${query}`,
        url: `/${query}`,
        method: 'POST',
        headers: {},
        protocol: 'http',
      };
      const resolver = museum.app.get(LouvreResolver);
      const creator = museum.app.get(ExternalContextCreator);
      for (const method of ['visit', 'once'] as const) {
        const handler = creator.create(
          resolver,
          resolver[method],
          method,
          ...([undefined, undefined, undefined, undefined, undefined] as const),
          type,
        );
        for (const args of [[], [{}, {}], [request, {}], [{}, credentials, { req: request }, {}]]) {
          await expect(handler(...args)).rejects.toMatchObject({ status: 403 });
        }
      }
      expect(museum.ledger.entries).toEqual([]);
      expect(await museum.row(credentials.uuid)).toEqual(row);
    },
  );
});

@Controller('louvre')
class FindableController {
  constructor(private readonly ledger: Ledger) {}

  @Get()
  @InvitationRequired('louvre', 'visit')
  visit() {
    this.ledger.note('ran');
    return 'Welcome';
  }

  @Head('only')
  @InvitationRequired('louvre', 'visit')
  head() {
    this.ledger.note('ran');
  }
}

eachAdapter('[M-6] a guarded handler', (adapter) => {
  it('is guarded however it is reached', async () => {
    const museum = await startApp(adapter, anyDatabase, { controllers: [FindableController] });
    const targets = [
      '/louvre',
      '/louvre/',
      '//louvre',
      '/%6couvre',
      '/LOUVRE',
      '/./louvre',
      '/louvre?',
      '/louvre//',
    ];
    for (const target of [...targets, '/louvre;x', '/louvre%2F', '/louvre#', '/louvre%00', '/louvre/only']) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const { status } = await ask(museum.app, target, { method });
        // Either the platform finds no handler, or the guard is before it; OPTIONS is Express's own answer.
        const expected = method === 'OPTIONS' ? [200, 401, 404] : [400, 401, 404];
        expect(expected, `${method} ${target}`).toContain(status);
      }
    }
    expect((await ask(museum.app, '/louvre', { method: 'HEAD' })).status).toBe(401);
    expect(museum.ledger.entries).toEqual([]);
  });
});

// The Fastify of Nest 11.0 has these options elsewhere.
describe.runIf(isAtLeast('11.2.0', '@nestjs/core'))('[M-6] a guarded handler on a lenient Fastify', () => {
  it('is guarded however it is reached', async () => {
    const routerOptions = { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, caseSensitive: false };
    const create = () => new FastifyAdapter({ routerOptions, forceCloseConnections: true });
    const parts = { controllers: [FindableController] };
    const museum = await startApp({ name: 'Fastify', create }, anyDatabase, parts);
    for (const target of ['/louvre/', '//louvre', '/%6couvre', '/LOUVRE', '///Louvre//']) {
      expect((await ask(museum.app, target)).status, target).toBe(401);
    }
    expect(museum.ledger.entries).toEqual([]);
  });
});
