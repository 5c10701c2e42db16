import {
  All,
  Controller,
  Get,
  type INestApplication,
  Module,
  RequestMethod,
  Version,
  VersioningType,
} from '@nestjs/common';
import { ApplicationConfig, ModulesContainer, RouterModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressesOf, answersGet, isRoute, requestMethodOf } from '../lib/nest-routes.internals.js';

@Controller(['rooms', 'halls'])
class RoomController {
  @Get('one')
  one() {}

  @All('any')
  any() {}

  helper() {}
}

@Controller({ path: 'paintings', version: ['1', '2'] })
class PaintingController {
  @Get('old')
  old() {}

  @Get('new')
  @Version('3')
  new() {}
}

@Module({ controllers: [RoomController, PaintingController] })
class RoomModule {}

const handlersOf = ({ prototype }: { prototype: object }) => prototype as Record<string, () => unknown>;
const handlers = handlersOf(RoomController);

describe('Nest’s internals of routes', () => {
  let app: INestApplication;
  beforeAll(async () => {
    const imports = [RoomModule, RouterModule.register([{ path: 'museum', module: RoomModule }])];
    app = (await Test.createTestingModule({ imports }).compile()).createNestApplication({ logger: false });
  });
  afterAll(() => app.close());

  it('PATH_METADATA marks handlers of routes', () => {
    expect([isRoute(handlers['one']!), isRoute(handlers['helper']!)]).toEqual([true, false]);
  });

  it('METHOD_METADATA holds the method of a route', () => {
    expect([requestMethodOf(handlers['one']!), requestMethodOf(handlers['any']!)]).toEqual([
      RequestMethod.GET,
      RequestMethod.ALL,
    ]);
    expect([answersGet(handlers['one']!), answersGet(handlers['any']!)]).toEqual([true, true]);
    expect(answersGet(handlers['helper']!)).toBe(false);
  });

  it('RoutePathFactory makes the addresses of a route, of module, controller and handler, with a prefix', () => {
    const route = { controller: RoomController, handler: handlers['one']!, module: RoomModule };
    const addresses = (prefix: string) =>
      addressesOf(app.get(ApplicationConfig), app.get(ModulesContainer), route, prefix);
    expect(addresses('')).toEqual(['/museum/rooms/one', '/museum/halls/one']);
    expect(addresses('/api/')).toEqual(['/api/museum/rooms/one', '/api/museum/halls/one']);
  });

  it('VERSION_METADATA holds the versions of a handler, or else of its controller', () => {
    const config = new ApplicationConfig();
    config.enableVersioning({ type: VersioningType.URI });
    const addresses = (name: string) => {
      const route = { controller: PaintingController, handler: handlersOf(PaintingController)[name]! };
      return addressesOf(config, app.get(ModulesContainer), route, '');
    };
    expect(addresses('old')).toEqual(['/v1/paintings/old', '/v2/paintings/old']);
    expect(addresses('new')).toEqual(['/v3/paintings/new']);
  });
});
