import {
  type CallHandler,
  type CanActivate,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  forwardRef,
  Get,
  Global,
  HttpCode,
  Inject,
  Injectable,
  type INestApplication,
  Module,
  Next,
  type NestInterceptor,
  type Provider,
  Redirect,
  Req,
  Res,
  Scope,
  Sse,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import {
  APP_GUARD,
  APP_INTERCEPTOR,
  ApplicationConfig,
  DiscoveryModule,
  DiscoveryService,
  ModulesContainer,
} from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { NEVER } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calledBy } from '../lib/called-method.js';
import {
  bindOutermost,
  declaredStatus,
  globalGuards,
  globalInterceptors,
  globalModulesWith,
  guardsOn,
  identityOf,
  interceptorsOn,
  isAsyncGenerator,
  isEventStream,
  isPerRequest,
  parametersOf,
  membersOf,
  modulesOf,
  redirectStatus,
  wayToRequest,
} from '../lib/nest.internals.js';
import { copyMetadata } from './support/wrapped-handlers.js';

class PassingOn implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle();
  }
}
class First extends PassingOn {}
class Second extends PassingOn {}
class ForApp extends PassingOn {}
class PerRequest extends PassingOn {}
class Existing extends PassingOn {}
class ByHand extends PassingOn {}

class Porter implements CanActivate {
  canActivate = () => true;
}
class PorterPerRequest extends Porter {}

const ownFactory = () => undefined;
const Own = createParamDecorator(ownFactory);

@Controller(['rooms', 'halls'])
@UseInterceptors(First)
class RoomController {
  @Get('one')
  @UseGuards(Porter, new PorterPerRequest())
  @UseInterceptors(First, new Second())
  one() {}

  @Sse('stream')
  stream() {
    return NEVER;
  }

  @Get('by-response')
  byResponse(@Res() response: object) {
    return response;
  }

  @Get('by-next')
  byNext(@Next() next: object) {
    return next;
  }

  @Get('passthrough')
  passthrough(@Res({ passthrough: true }) response: object) {
    return response;
  }

  @Get('by-request')
  byRequest(@Req() request: object, @Own() own: unknown) {
    return [request, own];
  }

  @Get('elsewhere')
  @Redirect('/there', 301)
  elsewhere() {}

  @Get('found')
  @Redirect('/there')
  found() {}

  @Get('conflict')
  @HttpCode(409)
  conflict() {}

  @Get('generator')
  async *generator() {
    yield await Promise.resolve(1);
  }

  helper() {}
}

@Controller({ path: 'per-request', scope: Scope.REQUEST })
class PerRequestController {}

@Injectable({ scope: Scope.REQUEST, durable: true })
class Lamp {}

@Injectable()
class Wall {
  @Inject(Lamp)
  readonly lamp!: Lamp;
}

@Injectable({ scope: Scope.TRANSIENT })
class Frame {}

@Module({
  controllers: [RoomController, PerRequestController],
  providers: [
    Lamp,
    Wall,
    Frame,
    { provide: 'picture', inject: [Frame, Wall], useFactory: () => 'a picture' },
    { provide: 'copy', useExisting: 'picture' },
    { provide: Symbol.for('poster'), inject: [Frame, ApplicationConfig], useFactory: () => 'a poster' },
  ],
})
class RoomModule {}

const handlers = RoomController.prototype as unknown as Record<string, () => unknown>;

/** What the library reads of Nest beyond its documented API: each is a place to look at when a version moves it. */
describe('Nest’s internals', () => {
  let app: INestApplication;
  beforeAll(async () => {
    const testing = await Test.createTestingModule({
      imports: [DiscoveryModule, RoomModule],
      providers: [
        Existing,
        { provide: APP_INTERCEPTOR, useClass: ForApp },
        { provide: APP_INTERCEPTOR, useClass: PerRequest, scope: Scope.REQUEST },
        { provide: APP_INTERCEPTOR, useExisting: Existing, scope: Scope.REQUEST },
        { provide: APP_GUARD, useClass: Porter },
        { provide: APP_GUARD, useClass: PorterPerRequest, scope: Scope.REQUEST },
      ],
    }).compile();
    app = testing.createNestApplication({ logger: false });
    app.useGlobalInterceptors(new ByHand());
    await app.init();
  });
  afterAll(() => app.close());

  it('INTERCEPTORS_METADATA holds the interceptors of handler and controller, outermost first', () => {
    expect(interceptorsOn(handlers['one']!)).toEqual([First, Second]);
    expect(interceptorsOn(RoomController)).toEqual([First]);
    expect(interceptorsOn(handlers['stream']!)).toEqual([]);
  });

  it('INTERCEPTORS_METADATA takes one more, outside of the others', () => {
    class Handlers {
      @UseInterceptors(First)
      handle() {}
    }
    const handle = Object.getOwnPropertyDescriptor(Handlers.prototype, 'handle')!.value as object;
    bindOutermost(handle, Second);
    expect(interceptorsOn(handle)).toEqual([Second, First]);
  });

  it('ApplicationConfig knows the interceptors of the whole app, those per request, too', () => {
    const found = globalInterceptors(app.get(ApplicationConfig));
    expect(new Set(found)).toEqual(new Set([ByHand, ForApp, PerRequest, Existing]));
  });

  it('[F-3] GUARDS_METADATA holds the guards of handler and controller, and the config those of the app', () => {
    expect(guardsOn(handlers['one']!)).toEqual([Porter, PorterPerRequest]);
    expect(guardsOn(RoomController)).toEqual([]);
    expect(new Set(globalGuards(app.get(ApplicationConfig)))).toEqual(new Set([Porter, PorterPerRequest]));
  });

  it('SSE_METADATA marks an event stream', () => {
    expect([isEventStream(handlers['stream']!), isEventStream(handlers['one']!)]).toEqual([true, false]);
  });

  it('ROUTE_ARGS_METADATA and RESPONSE_PASSTHROUGH_METADATA say what a handler’s parameters are', () => {
    const parametersOfHandler = (handler: unknown) =>
      parametersOf({ getClass: () => RoomController, getHandler: () => handler } as never);
    const none = { answersItself: false, request: false, factories: [] };
    const itself = { ...none, answersItself: true, request: true };
    expect(parametersOfHandler(handlers['byResponse'])).toEqual(itself);
    expect(parametersOfHandler(handlers['byNext'])).toEqual({ ...none, request: true });
    expect(parametersOfHandler(handlers['passthrough'])).toEqual({ ...none, request: true });
    expect(parametersOfHandler(handlers['byRequest'])).toEqual({
      ...none,
      request: true,
      factories: [ownFactory],
    });
    expect(parametersOfHandler(handlers['one'])).toEqual(none);
    expect(parametersOfHandler(() => undefined)).toBeUndefined();
    // What a tracing agent puts in its place has its name.
    const traced = Object.defineProperty(() => undefined, 'name', { value: 'byResponse' });
    expect(parametersOfHandler(traced)).toEqual(itself);
  });

  it('[F-1] the metadata of a function tells which method it stands for, and its interceptors are an object of its own', () => {
    const called = (handler: unknown) =>
      calledBy({ getClass: () => RoomController, getHandler: () => handler } as never);
    const wrap = () => copyMetadata(handlers['one']!, () => undefined);
    expect(called(Object.defineProperty(wrap(), 'name', { value: '' }))).toBe('RoomController.one');
    expect(called(Object.defineProperty(wrap(), 'name', { value: 'conflict' }))).toBe('RoomController.one');
    expect(
      called(
        (
          () => () =>
            undefined
        )(),
      ),
    ).toBe('RoomController.its handler');
    expect(identityOf(wrap())).toBe(identityOf(handlers['one']!));
    const identities = Object.values(handlers).map((handler) => identityOf(handler));
    expect(new Set(identities).size).toBe(identities.length);
  });

  it('isDependencyTreeStatic() tells the controllers that are made per request', async () => {
    const testing = await Test.createTestingModule({ imports: [DiscoveryModule, RoomModule] }).compile();
    const controllers = testing.get(DiscoveryService, { strict: false }).getControllers();
    const perRequest = controllers.filter(isPerRequest).map(({ metatype }) => metatype);
    expect(perRequest).toEqual([PerRequestController]);
  });

  it('HTTP_CODE_METADATA and REDIRECT_METADATA hold the status of an answer', () => {
    expect(declaredStatus(handlers['conflict']!)).toBe(409);
    expect(declaredStatus(handlers['one']!)).toBeUndefined();
    expect(redirectStatus(handlers['elsewhere']!, undefined)).toBe(301);
    expect(redirectStatus(handlers['elsewhere']!, { url: '/nowhere', statusCode: 410 })).toBe(410);
    expect(redirectStatus(handlers['found']!, null)).toBe(302);
    expect(redirectStatus(handlers['one']!, { statusCode: 410 })).toBeUndefined();
  });

  it('an async generator has a tag of its own', () => {
    expect([isAsyncGenerator(handlers['generator']!), isAsyncGenerator(handlers['one']!)]).toEqual([
      true,
      false,
    ]);
  });

  it('InstanceWrapper knows by which providers one depends on the request', () => {
    const providers = app.get(DiscoveryService, { strict: false }).getProviders();
    const wayOf = (token: unknown) => wayToRequest(providers.find((provider) => provider.token === token)!);
    expect(wayOf(Lamp)).toEqual(['Lamp']);
    expect(wayOf('picture')).toEqual(['picture', 'Wall', 'Lamp']);
    expect(wayOf('copy')?.slice(-2)).toEqual(['Wall', 'Lamp']);
    expect([wayOf(Frame), wayOf(Symbol.for('poster'))]).toEqual([undefined, undefined]);
  });

  it('ModulesContainer knows the modules of a class, and those that provide something to the whole app', async () => {
    @Module({})
    class Hall {}
    const hall = (wing: string, global: boolean) => ({
      module: Hall,
      global,
      providers: [{ provide: 'wing', useValue: wing }],
    });
    const both = { imports: [hall('Denon', true), hall('Sully', false)] };
    const modules = (await Test.createTestingModule(both).compile()).get(ModulesContainer);
    expect(modulesOf(modules, Hall).map(({ isGlobal }) => isGlobal)).toEqual([true, false]);
    expect(globalModulesWith(modules, 'wing')).toEqual([modulesOf(modules, Hall)[0]]);
    expect(globalModulesWith(modules, 'stairs')).toEqual([]);
  });

  it('ModulesContainer knows what the modules import and have, and what is injected into it', () => {
    const all = membersOf(app.get(ModulesContainer));
    const inRoomModule = (name: string) =>
      all.filter((part) => part.module === 'RoomModule' && part.name === name);
    const nothing = { module: 'RoomModule', injected: [], factories: [] };
    expect(inRoomModule('RoomController')).toEqual([
      { ...nothing, name: 'RoomController', type: RoomController, factories: [ownFactory] },
    ]);
    // Bound to the controller and to a handler.
    expect(inRoomModule('First')).toEqual([{ ...nothing, name: 'First', type: First }]);
    expect(inRoomModule('Wall')).toEqual([{ ...nothing, name: 'Wall', type: Wall, injected: [Lamp] }]);
    expect(inRoomModule('picture')).toMatchObject([{ injected: [Frame, Wall], factories: [] }]);
    expect(all.filter(({ name }) => name === 'RoomModule').map(({ type }) => type)).toContain(RoomModule);
    expect(
      membersOf(app.get(ModulesContainer), new Set([RoomModule])).filter(
        ({ module }) => module === 'RoomModule',
      ),
    ).toEqual([]);
  });

  it('a forward reference is followed after all modules are declared, and a transient provider made where it is injected', async () => {
    const made: unknown[] = [];
    @Global()
    @Module({})
    class Late {}
    @Injectable()
    class Inquirer {}
    const providers: Provider[] = [];
    @Module({
      imports: [
        forwardRef(() => {
          const factory = (token: string) => ({
            provide: token,
            scope: Scope.TRANSIENT,
            inject: [ModulesContainer],
            useFactory: (modules: object) => made.push([token, modules]),
          });
          providers.push(factory('used'), factory('unused'));
          Module({ providers, exports: providers })(Late);
          return Late;
        }),
      ],
    })
    class Early {}
    Inject('used')(Inquirer, undefined, 0);
    const testing = await Test.createTestingModule({ imports: [Early], providers: [Inquirer] }).compile();
    expect(made).toEqual([['used', testing.get(ModulesContainer)]]);
  });
});
