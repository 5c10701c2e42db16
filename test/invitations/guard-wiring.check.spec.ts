import {
  applyDecorators,
  type CanActivate,
  Controller,
  Get,
  Injectable,
  type OnModuleInit,
  Scope,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  InvitationGuard,
  InvitationRequired,
  StampInTransaction,
  StampInvitation,
  TicketOfficeConfigurationError,
} from 'nestjs-ticketoffice';
import { describe, expect, it } from 'vitest';
import { adapterNamed, eachAdapter } from '../support/adapters.js';
import { anyDatabase, type MuseumParts, startApp } from '../support/app.js';
import { copyMetadata } from '../support/wrapped-handlers.js';
import { ask } from './ask.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Descriptor = PropertyDescriptor;

const methodOf = (prototype: object): Method =>
  Object.getOwnPropertyDescriptor(prototype, 'visit')!.value as Method;

/** As many log, trace, cache or measure: calls the method in a function of its own. */
function Log(_target: object, _name: string | symbol, descriptor: Descriptor): void {
  const method = descriptor.value as Method;
  descriptor.value = function (this: unknown, ...args: unknown[]) {
    return method.apply(this, args);
  };
}

/** The same, and copies what it is told to. */
const LogWith =
  (...keys: (string | symbol)[]): MethodDecorator =>
  (target, name, descriptor: Descriptor) => {
    const method = descriptor.value as Method;
    Log(target, name, descriptor);
    for (const key of keys.length > 0 ? keys : (Reflect.getMetadataKeys(method) as string[]))
      Reflect.defineMetadata(key, Reflect.getMetadata(key, method), descriptor.value as object);
  };

function Bound(_target: object, _name: string | symbol, { value }: Descriptor): PropertyDescriptor {
  return {
    configurable: true,
    get(this: unknown) {
      return (value as Method).bind(this);
    },
  };
}

/** A class in place of the class. */
const LogAll = <T extends Function>(type: T): T => {
  const Logged = class extends (type as unknown as new () => object) {};
  Object.defineProperty(Logged, 'name', { value: type.name });
  const visit = methodOf(type.prototype as object);
  const logged = function (this: unknown) {
    return visit.call(this);
  };
  for (const key of ['path', 'method']) Reflect.defineMetadata(key, Reflect.getMetadata(key, visit), logged);
  Object.defineProperty(Logged.prototype, 'visit', { value: logged });
  return Logged as unknown as T;
};

/** The same, under a name of its own. */
const LogAllByName = <T extends Function>(type: T): T => {
  const Logged = LogAll(type);
  Object.defineProperty(Logged, 'name', { value: `Logged${type.name}` });
  return Logged;
};

/** The same, in the class itself. */
function LogInPlace({ prototype }: { prototype: { visit?: Method } }): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'visit') as Descriptor;
  LogWith('path', 'method')(prototype, 'visit', descriptor);
  Object.defineProperty(prototype, 'visit', descriptor);
}

@Injectable()
class OtherGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

const Guarded = InvitationRequired('louvre', 'visit');
const Overwrite = (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor): void =>
  Reflect.defineMetadata('__guards__', [OtherGuard], (descriptor?.value ?? target) as object);

@Controller()
class Above {
  @Get('visit')
  @Log
  @Guarded
  visit() {}
}

@Controller()
class AboveRoute {
  @Log
  @Get('visit')
  @Guarded
  visit() {}
}

@Controller()
class Composed {
  @applyDecorators(Guarded, Log, Get('visit'))
  visit() {}
}

@Controller()
class WithoutGuards {
  @LogWith('path', 'method', '__interceptors__')
  @Get('visit')
  @Guarded
  visit() {}
}

@Controller()
class WithoutRequirement {
  @LogWith('path', 'method', '__guards__')
  @Get('visit')
  @Guarded
  visit() {}
}

@Controller()
class Overwritten {
  @Get('visit')
  @Overwrite
  @Guarded
  visit() {}
}

@Overwrite
@Guarded
@Controller()
class OverwrittenOnClass {
  @Get('visit')
  visit() {}
}

@Guarded
@Controller()
class InGuardedClass {
  @Get('visit')
  @Log
  @InvitationRequired('louvre', 'visit the cellar')
  visit() {}
}

@Controller()
class ByAccessor {
  @Bound
  @Get('visit')
  @Guarded
  visit() {}
}

abstract class Base {
  @Get('visit')
  @Log
  @Guarded
  visit() {}
}

@Controller()
class Inherited extends Base {}

@LogAll
@Controller()
class Replaced {
  @Get('visit')
  @Guarded
  visit() {}
}

@LogInPlace
@Controller()
class ReplacedInPlace {
  @Get('visit')
  @Guarded
  visit() {}
}

@Controller()
class InConstructor {
  constructor() {
    this.visit = this.visit.bind(this);
  }

  @Get('visit')
  @Guarded
  visit() {}
}

@LogAllByName
@Controller()
class ReplacedByName {
  @Get('visit')
  @Guarded
  visit() {}
}

@Controller()
@LogAll
class ReplacedBelow {
  @Get('visit')
  @Guarded
  visit() {}
}

@Controller()
class ByOwnAccessor {
  constructor() {
    const visit = methodOf(ByOwnAccessor.prototype).bind(this);
    Object.defineProperty(this, 'visit', { get: () => visit });
  }

  @Get('visit')
  @Guarded
  visit() {}
}

@Controller()
class ByProxy {
  constructor() {
    const visit = methodOf(ByProxy.prototype).bind(this);
    return new Proxy(this, {
      get: (target, name): unknown => (name === 'visit' ? visit : Reflect.get(target, name)),
    });
  }

  @Get('visit')
  @Guarded
  visit() {}
}

@Controller()
class ForMessages {
  @MessagePattern('visit')
  @Log
  @Guarded
  visit() {}
}

const BROKEN: Type[] = [
  Above,
  AboveRoute,
  Composed,
  WithoutGuards,
  WithoutRequirement,
  Overwritten,
  OverwrittenOnClass,
  InGuardedClass,
  ByAccessor,
  Inherited,
  Replaced,
  ReplacedInPlace,
  InConstructor,
  ReplacedByName,
  ReplacedBelow,
  ByOwnAccessor,
  ByProxy,
  ForMessages,
];

@Injectable()
class Resolver {
  @Log
  @Guarded
  visit() {}
}

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('visit')
  @Log
  @Guarded
  visit() {}
}

@Controller({ scope: Scope.REQUEST })
class PerRequest {
  @Get('visit')
  @Guarded
  visit() {}
}

/** As an agent does it that begins with the app: Nest makes that controller later. */
@Injectable()
class Agent implements OnModuleInit {
  onModuleInit(): void {
    LogInPlace(PerRequest);
  }
}

@Controller()
class StampLost {
  @Get('visit')
  @LogWith('path', 'method', '__guards__', ...(Reflect.getMetadataKeys(requirementOnly()) as string[]))
  @Guarded
  @UseInterceptors(StampInvitation)
  visit() {}
}

/** A function that has the metadata of the requirement, and that of Nest's which the library binds. */
function requirementOnly(): object {
  const method = () => undefined;
  Guarded({}, 'visit', { value: method });
  for (const key of ['__guards__', '__interceptors__']) Reflect.deleteMetadata(key, method);
  return method;
}

describe('an app', () => {
  const start = (parts: MuseumParts) => startApp(adapterNamed('Express'), anyDatabase, parts);
  const failure = async (parts: MuseumParts): Promise<Error> =>
    start(parts).then(
      () => new Error('It has started.'),
      (error: Error) => error,
    );

  it.each(BROKEN)(
    '[F-3] does not start with a guarded method that has lost its guard: $name',
    async (controller) => {
      const error = await failure({ controllers: [controller] });
      expect(error.message).toContain(`${controller.name}.visit `);
      expect(error.message).toMatch(
        /Write .*@InvitationRequired\(\) above|write @InvitationRequired\(place, purpose\)/,
      );
      expect(error).toBeInstanceOf(TicketOfficeConfigurationError);
    },
  );

  it.each([Resolver, Gateway])(
    '[F-3] nor with a provider that has such a method: $name',
    async (provider) => {
      const error = await failure({
        controllers: [],
        providers: [provider],
        before: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
      });
      expect(error.message).toContain(`${provider.name}.visit has lost its @InvitationRequired()`);
    },
  );

  it('[F-3] nor with one that has lost it while the app started, where Nest has not called it yet', async () => {
    const error = await failure({ controllers: [PerRequest], providers: [Agent] });
    expect(error.message).toContain('PerRequest.visit has lost its @InvitationRequired()');
  });

  it('[F-3] nor with one that has lost its stamp, where that can be seen', async () => {
    const error = await failure({ controllers: [StampLost] });
    expect(error.message).toContain('StampLost.visit has lost its StampInvitation');
  });
});

@Controller('copied')
class Copied {
  @LogWith()
  @Get()
  @Guarded
  @UseInterceptors(StampInvitation)
  visit() {}
}

@Controller('below')
class Below {
  @Get()
  @Guarded
  @UseInterceptors(StampInvitation)
  @Log
  visit() {}
}

@Controller('beside')
class Beside {
  @UseGuards(OtherGuard)
  @Get()
  @Guarded
  visit() {}
}

@Controller('copied-in-constructor')
class CopiedInConstructor {
  constructor() {
    const visit = methodOf(CopiedInConstructor.prototype);
    this.visit = copyMetadata(visit, visit.bind(this) as () => undefined);
  }

  @Get()
  @Guarded
  visit() {}
}

@Injectable()
class OnSundays extends InvitationGuard {}

@Controller('subclass')
class BySubclass {
  @Get()
  @Guarded
  @UseGuards(OnSundays)
  visit() {}
}

abstract class Museum {
  @Get()
  @Guarded
  @UseInterceptors(StampInTransaction)
  visit() {}
}

@Controller('open-house')
class OpenHouse extends Museum {
  @Get()
  override visit() {}
}

@Controller('another')
class SameName extends OpenHouse {
  @Get()
  override visit() {}
}
Object.defineProperty(SameName, 'name', { value: 'Museum' });

class SameNameGuarded extends Museum {
  @Get()
  @InvitationRequired('louvre', 'visit the cellar')
  @UseInterceptors(StampInvitation)
  override visit() {}
}
Object.defineProperty(SameNameGuarded, 'name', { value: 'Museum' });

@Controller('cellar')
class Cellar extends SameNameGuarded {}

@Controller('heir')
class Heir extends Museum {}

@Controller({ path: 'per-request', scope: Scope.REQUEST })
class BoundPerRequest {
  constructor() {
    this.bound = this.bound.bind(this);
    this.arrow = () => 'inside';
    this.open = this.open.bind(this);
  }

  @Get('bound')
  @Guarded
  bound() {
    return 'inside';
  }

  @Get('arrow')
  @Guarded
  arrow() {
    return 'inside';
  }

  @Get('kept')
  @Guarded
  kept() {
    return 'inside';
  }

  @Get('open')
  open() {}

  @Get('plain')
  plain() {}
}

const GUARDED = { Copied, Below, Beside, CopiedInConstructor, BySubclass, Heir, Cellar };
const OPEN = { OpenHouse, SameName };

eachAdapter('an app', (adapter) => {
  it('[F-3] starts with methods that have kept their guard, and with those that override on purpose', async () => {
    const controllers = [...Object.values(GUARDED), ...Object.values(OPEN)];
    const { app } = await startApp(adapter, anyDatabase, { controllers });
    for (const path of ['copied', 'below', 'beside', 'copied-in-constructor', 'subclass', 'heir', 'cellar'])
      expect((await ask(app, `/${path}`)).status, path).toBe(401);
    for (const path of ['open-house', 'another']) expect((await ask(app, `/${path}`)).status, path).toBe(200);
  });

  it('[F-3] starts where the guard is bound to the whole app', async () => {
    const providers = [{ provide: APP_GUARD, useClass: InvitationGuard }];
    const { app } = await startApp(adapter, anyDatabase, { controllers: [Overwritten], providers });
    expect((await ask(app, '/visit')).status).toBe(401);
  });

  it('[F-3] refuses a call of what the constructor of a controller for each request has put in its place', async () => {
    const { app } = await startApp(adapter, anyDatabase, { controllers: [BoundPerRequest] });
    for (const path of ['bound', 'arrow']) {
      const answer = await ask(app, `/per-request/${path}`);
      expect([answer.status, answer.body.includes('inside')], path).toEqual([500, false]);
    }
    expect((await ask(app, '/per-request/kept')).status).toBe(401);
    expect((await ask(app, '/per-request/open')).status).toBe(200);
    expect((await ask(app, '/per-request/plain')).status).toBe(200);
  });
});
