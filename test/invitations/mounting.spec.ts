import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Controller,
  Get,
  type INestApplication,
  Post,
  Query,
  RequestMethod,
  UseInterceptors,
  Version,
  VersioningType,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import express from 'express';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { eachAdapter, type TestAdapter } from '../support/adapters.js';
import { anyDatabase, Ledger, type Museum, startApp } from '../support/app.js';
import { stripPrefix } from '../support/stripping-proxy.js';
import { afterwards } from '../support/suite-scope.js';
import { ask, cookieOf, follow } from './ask.js';
import { formOf } from './page.form.js';

@Controller('rooms')
class RoomController {
  constructor(private readonly ledger: Ledger) {}

  @Get(':room')
  @Version('2')
  @InvitationRequired('rooms/:room', 'visit')
  @UseInterceptors(StampInvitation)
  visit(@Query() query: object) {
    this.ledger.note('visit');
    return Object.keys(query);
  }

  @Post(':room')
  @Version('2')
  @InvitationRequired('rooms/:room', 'visit')
  @UseInterceptors(StampInvitation)
  change() {
    this.ledger.note('change');
  }

  /** Left out of the prefix. */
  @Get('garden/:room')
  @InvitationRequired('rooms/:room', 'visit')
  @UseInterceptors(StampInvitation)
  garden(@Query() query: object) {
    this.ledger.note('visit');
    return Object.keys(query);
  }
}

const parts = { controllers: [RoomController] };
const exclude = [{ path: 'rooms/garden/:room', method: RequestMethod.GET }];

/** A browser, from the link to the handler's answer. */
async function walk(museum: Museum, server: number, path: string, headers: Record<string, string> = {}) {
  const { credentials } = await museum.tickets.issue({ place: 'rooms/6', purpose: 'visit' });
  const { pathname, search } = new URL(museum.tickets.url(`${path}?page=2`, credentials));
  const browser = { Accept: 'text/html', ...headers };
  const opened = await ask(server, pathname + search, { headers: browser });
  const cookie = opened.headers['set-cookie']![0]!;
  const own = { ...browser, Cookie: cookieOf(opened) };
  const location = follow(pathname, opened.headers.location!);
  const page = await ask(server, location, { headers: own });
  const form = formOf(page.body, location);
  expect(museum.ledger.entries).toEqual([]);
  const done = await ask(server, form.target, { headers: own });
  expect(museum.ledger.entries).toEqual(['visit']);
  return { location, cookie, done };
}

const portOf = (app: INestApplication): number => (app.getHttpServer().address() as AddressInfo).port;

eachAdapter('A guest in an app with a global prefix and versions in the path', (adapter) => {
  it.each([['/api/v2/rooms/6'], ['/rooms/garden/6']])(
    'is led to the handler by the same address: %s',
    async (path) => {
      const museum = await startApp(adapter, anyDatabase, {
        ...parts,
        before: (app) =>
          app.setGlobalPrefix('api', { exclude }).enableVersioning({ type: VersioningType.URI }),
      });
      const { location, done } = await walk(museum, portOf(museum.app), path);
      expect(location).toBe(`${path}?page=2`);
      expect(done).toMatchObject({ status: 200, body: '["page"]' });
    },
  );
});

/** Hands what is below /museum to an app that knows nothing of that, as Express does with a sub-app. */
const below: Record<TestAdapter['name'], (app: INestApplication) => RequestListener> = {
  Express: (app) => express().set('trust proxy', true).use('/museum', app.getHttpAdapter().getInstance()),
  Fastify(app) {
    const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
    return (request: IncomingMessage & { originalUrl?: string }, response) => {
      request.originalUrl = request.url!;
      request.url = request.url!.replace(/^\/museum/, '');
      fastify.routing(request, response);
    };
  },
};

const behindProxy: Record<TestAdapter['name'], () => ExpressAdapter | FastifyAdapter> = {
  Express: () => new ExpressAdapter(),
  Fastify: () => new FastifyAdapter({ trustProxy: true, forceCloseConnections: true }),
};

eachAdapter('A guest of a sub-app that is mounted behind a trusted proxy', ({ name }) => {
  const proxied = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'museum.example' };

  async function mounted() {
    const options = { baseUrl: 'https://museum.example/museum' };
    const museum = await startApp({ name, create: behindProxy[name] }, anyDatabase, {
      ...parts,
      options,
      before: (app) => app.enableVersioning({ type: VersioningType.URI }),
    });
    const server = createServer(below[name](museum.app));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterwards(() => server.close());
    return { museum, port: (server.address() as AddressInfo).port };
  }

  it('is led to the handler below its mount, by a pass for https', async () => {
    const { museum, port } = await mounted();
    const { location, cookie, done } = await walk(museum, port, '/v2/rooms/6', proxied);
    expect(location).toBe('/museum/v2/rooms/6?page=2');
    expect(cookie).toMatch(/^__Host-ticket-office-.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(done).toMatchObject({ status: 200, body: '["page"]' });
  });

  it('[S-6] may change something from its own origin, and from no other', async () => {
    const { museum, port } = await mounted();
    const { credentials } = await museum.tickets.issue({ place: 'rooms/6', purpose: 'visit' });
    const { pathname, search } = new URL(museum.tickets.url('/v2/rooms/6', credentials));
    const opened = await ask(port, pathname + search, { headers: proxied });
    const post = (Origin: string) =>
      ask(port, pathname, { method: 'POST', headers: { ...proxied, Cookie: cookieOf(opened), Origin } });
    for (const origin of ['https://evil.example', 'https://museum.example.evil.example', 'null'])
      expect((await post(origin)).status).toBe(403);
    expect(museum.ledger.entries).toEqual([]);
    expect((await post('https://museum.example')).status).toBe(201);
  });
});

eachAdapter('A guest of an app behind a proxy that takes a prefix off', (adapter) => {
  it.each(['/museum', '/sites/museum'])('[F-2] stays below it: %s', async (prefix) => {
    const options = { baseUrl: `https://museum.example${prefix}` };
    const before = (app: INestApplication) =>
      app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI });
    const museum = await startApp(adapter, anyDatabase, { ...parts, options, before });
    const port = await stripPrefix(museum.app, prefix);
    const { location, done } = await walk(museum, port, '/api/v2/rooms/6');
    expect(location).toBe(`${prefix}/api/v2/rooms/6?page=2`);
    expect(done).toMatchObject({ status: 200, body: '["page"]' });
  });
});
