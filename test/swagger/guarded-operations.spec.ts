import {
  All,
  Controller,
  Get,
  type INestApplication,
  Module,
  Post,
  RequestMethod,
  Type,
  Version,
  VERSION_NEUTRAL,
  VersioningType,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { ApiExcludeController, ApiExcludeEndpoint } from '@nestjs/swagger';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { documentTickets } from 'nestjs-ticketoffice/swagger';
import { describe, expect, it } from 'vitest';
import { ownResources } from '../support/suite-scope.js';
import { faultsIn } from './document-faults.js';
import { at, describeApp, guardedIn, undocumented } from './describe-app.js';

const Guarded = () => InvitationRequired('louvre', 'visit');

@Controller(['rooms', 'halls'])
class RoomsController {
  @Get(['one', 'first'])
  @Guarded()
  one() {}

  @Get('open')
  open() {}

  @Post('one')
  write() {}
}

@Controller()
class PatternsController {
  @Get('file/*path')
  @Guarded()
  wildcard() {}

  @Get('picture{/:size}')
  @Guarded()
  optional() {}

  @Get('price\\:list/:currency')
  @Guarded()
  escaped() {}

  @Get('old/*')
  @Guarded()
  unnamed() {}

  @Get('older/*/still')
  @Guarded()
  amidst() {}

  @All('any/:id/:rest')
  @Guarded()
  any() {}
}

@Controller('whole')
@Guarded()
class WholeController {
  @Get()
  index() {}

  @Get('hidden')
  @ApiExcludeEndpoint()
  hidden() {}
}

abstract class Base {
  @Get('inherited')
  visit() {}
}
@Controller('guarded')
@Guarded()
class GuardedController extends Base {}
@Controller('open')
class OpenController extends Base {}

/** Two versions of one address that a header tells apart. */
function versions(order: 'guarded last' | 'open last'): Type[] {
  @Controller({ path: 'louvre', version: '1' })
  class GuardedLouvre {
    @Get()
    @Guarded()
    visit() {}
  }
  @Controller({ path: 'louvre', version: '2' })
  class OpenLouvre {
    @Get()
    visit() {}
  }
  return order === 'guarded last' ? [OpenLouvre, GuardedLouvre] : [GuardedLouvre, OpenLouvre];
}

const byHeader = (app: INestApplication) =>
  app.enableVersioning({ type: VersioningType.HEADER, header: 'Version' });

describe('The operations that documentTickets() finds', () => {
  ownResources();

  it('are those of each path of a controller and a handler', async () => {
    const { document } = await describeApp({ controllers: [RoomsController] });
    expect(guardedIn(document)).toEqual([
      'get /rooms/one',
      'get /rooms/first',
      'get /halls/one',
      'get /halls/first',
    ]);
  });

  it('are those with wildcards, optional parts, and signs that stand for themselves', async () => {
    const { document } = await describeApp({ controllers: [PatternsController] });
    const all = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(all).toEqual(
      expect.arrayContaining([
        'get /file/{path}',
        'get /picture/{size}',
        'get /price:list/{currency}',
        'get /old/{path}',
        'get /any/{id}/{rest}',
        'post /any/{id}/{rest}',
      ]),
    );
    expect(guardedIn(document)).toEqual(all);
    expect(faultsIn(document)).toEqual([]);
  });

  it('are all of a guarded controller, except what the document leaves out', async () => {
    const { document } = await describeApp({ controllers: [WholeController] });
    expect(Object.keys(document.paths)).toEqual(['/whole']);
    expect(guardedIn(document)).toEqual(['get /whole']);
  });

  it('are those of the controller that is guarded, where two inherit a handler', async () => {
    const { document } = await describeApp({ controllers: [GuardedController, OpenController] });
    expect(Object.keys(document.paths)).toHaveLength(2);
    expect(guardedIn(document)).toEqual(['get /guarded/inherited']);
  });

  it.each([
    [{}, 'get /api/rooms/one'],
    [{ ignoreGlobalPrefix: true }, 'get /rooms/one'],
  ])('have the global prefix, or none, as the document has: %o', async (options, first) => {
    const before = (app: INestApplication) =>
      app.setGlobalPrefix('api', { exclude: [{ path: 'halls/one', method: RequestMethod.GET }] });
    const { document } = await describeApp({ controllers: [RoomsController], before }, { document: options });
    expect(guardedIn(document)).toEqual(expect.arrayContaining([first, 'get /halls/one']));
    expect(guardedIn(document)).toHaveLength(4);
  });

  it('are not taken for others whose paths begin as the prefix does, where the document has none', async () => {
    @Controller()
    class PrefixController {
      @Get('api/x')
      open() {}
      @Get('x')
      @Guarded()
      guarded() {}
    }
    const before = (app: INestApplication) => app.setGlobalPrefix('api');
    const parts = { controllers: [PrefixController], before };
    const { app, document } = await describeApp(parts, { document: { ignoreGlobalPrefix: true } });
    expect(guardedIn(document)).toEqual(['get /x']);
    expect(guardedIn(documentTickets(app, undocumented(app)))).toEqual(['get /api/x']);
  });

  it('are those of each version in the path', async () => {
    @Controller({ path: 'louvre', version: ['1', '2'] })
    class LouvreController {
      @Get()
      @Guarded()
      visit() {}
      @Get()
      @Version('3')
      open() {}
      @Get('always')
      @Version(VERSION_NEUTRAL)
      @Guarded()
      always() {}
    }
    const before = (app: INestApplication) =>
      app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, prefix: 'version-' });
    const { document } = await describeApp({ controllers: [LouvreController], before });
    expect(Object.keys(document.paths)).toContain('/api/version-3/louvre');
    expect(guardedIn(document).toSorted()).toEqual([
      'get /api/louvre/always',
      'get /api/version-1/louvre',
      'get /api/version-2/louvre',
    ]);
  });

  it('are those below the path of a module', async () => {
    @Module({ controllers: [RoomsController] })
    class WingModule {}
    const imports = [WingModule, RouterModule.register([{ path: 'wing', module: WingModule }])];
    const { document } = await describeApp({ controllers: [], imports });
    expect(guardedIn(document)).toContain('get /wing/rooms/one');
  });

  it('are found in a document of some modules, by other ids', async () => {
    @Module({ controllers: [RoomsController] })
    class WingModule {}
    const document = {
      include: [WingModule],
      operationIdFactory: (_: string, method: string) => `x${method}`,
    };
    const app = await describeApp({ controllers: [WholeController], imports: [WingModule] }, { document });
    expect(guardedIn(app.document)).toHaveLength(4);
  });

  it.each([
    ['guarded last', ['get /louvre']],
    ['open last', []],
  ] as const)(
    'are the version that the document is about, where a header tells versions apart: %s',
    async (order, expected) => {
      const { document } = await describeApp({ controllers: versions(order), before: byHeader });
      expect(guardedIn(document)).toEqual(expected);
    },
  );

  it('are the version that the document does not leave out', async () => {
    const [GuardedLouvre, OpenLouvre] = versions('open last') as [Type, Type];
    ApiExcludeController()(OpenLouvre);
    const { document } = await describeApp({ controllers: [GuardedLouvre, OpenLouvre], before: byHeader });
    expect(at(document, '/louvre').security).toEqual([{ ticket: [] }]);
  });
});
