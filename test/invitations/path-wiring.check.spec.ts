import { Controller, Get, Post, type INestApplication, Logger, Module, VersioningType } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { defineTicket, InvitationRequired } from 'nestjs-ticketoffice';
import { expect, it, vi } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { afterwards } from '../support/suite-scope.js';
import { ask } from './ask.js';

const BARE = defineTicket({ place: 'louvre', purpose: 'visit', path: '/louvre' });
const WHOLE = defineTicket({ place: 'louvre', purpose: 'visit', path: '/api/v1/louvre?from=mail#top' });
const REPORT = defineTicket({ place: 'report/:id', purpose: 'download', path: '/api/v1/report/:id' });
const ELSEWHERE = defineTicket({ place: 'shop', purpose: 'visit', path: '/shops' });
const PATHLESS = defineTicket({ place: 'garden', purpose: 'visit' });

const controllerOf = (guarded: Record<string, ReturnType<typeof defineTicket>>) => {
  @Controller({ version: '1' })
  class MuseumController {}
  for (const [path, definition] of Object.entries(guarded)) {
    const name = path.replaceAll(/\W/g, '_');
    Object.defineProperty(MuseumController.prototype, name, {
      value: () => 'Welcome',
      writable: true,
      configurable: true,
    });
    const descriptor = Object.getOwnPropertyDescriptor(MuseumController.prototype, name)!;
    InvitationRequired(definition)(MuseumController.prototype, name, descriptor);
    Get(path)(MuseumController.prototype, name, descriptor);
  }
  return MuseumController;
};

const prefixed = (app: INestApplication) =>
  void app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI });

/** What an app that starts from now on logs of definitions. */
function hearWarnings(): string[] {
  const logged: string[] = [];
  const note = (text: unknown) => {
    if (String(text).includes('definition')) logged.push(String(text));
  };
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(note);
  afterwards(() => warn.mockRestore());
  return logged;
}

eachAdapter('The path of a definition', (adapter) => {
  async function warnings(
    guarded: Parameters<typeof controllerOf>[0],
    { baseUrl = 'http://museum.example' } = {},
  ) {
    const logged = hearWarnings();
    const controllers = [controllerOf(guarded)];
    const museum = await startApp(adapter, anyDatabase, {
      controllers,
      options: { baseUrl },
      before: prefixed,
    });
    return { museum, logged };
  }

  it('[F-25] that is no route that it guards is warned of, once, with what to write', async () => {
    const { museum, logged } = await warnings({ louvre: BARE, 'louvre/again': BARE });
    expect(logged).toEqual([
      expect.stringContaining(
        "write path: '/api/v1/louvre' or path: '/api/v1/louvre/again' into defineTicket()",
      ),
    ]);
    const { credentials } = await museum.tickets.issue(BARE, {});
    const { pathname, search } = new URL(museum.tickets.url(BARE, credentials));
    expect((await ask(museum.app, pathname + search)).status).toBe(404);
  });

  it.each([
    ['http://museum.example', WHOLE],
    ['https://museum.example/museum', WHOLE],
    ['http://museum.example/api/v1', BARE],
    ['https://museum.example/museum/api/v1/', BARE],
  ])('[F-25] leads to the handler below %s', async (baseUrl, definition) => {
    const { museum, logged } = await warnings({ louvre: definition }, { baseUrl });
    expect(logged).toEqual([]);
    const { credentials } = await museum.tickets.issue(definition, {});
    const { pathname, search } = new URL(museum.tickets.url(definition, credentials));
    expect((await ask(museum.app, pathname.replace('/museum', '') + search)).status).toBe(303);
  });

  it('[F-25] says what is missing beside the path of baseUrl', async () => {
    const { logged } = await warnings({ louvre: BARE }, { baseUrl: 'https://museum.example/museum/api' });
    expect(logged).toEqual([expect.stringContaining("write path: '/v1/louvre' into defineTicket()")]);
  });

  it('[F-25] may have parameters, and may be left out', async () => {
    const { logged } = await warnings({ 'report/:id': REPORT, garden: PATHLESS });
    expect(logged).toEqual([]);
  });

  it('[F-25] leads to a route that another definition guards: that is warned of, too', async () => {
    const { logged } = await warnings({ shop: ELSEWHERE, shops: PATHLESS });
    expect(logged).toEqual([expect.stringContaining('lead to /shops, which is no route that it guards')]);
  });

  it.each([
    ['/api/v1/caf%C3%A9', 'caf%C3%A9'],
    ['/api/v1/café', 'caf%C3%A9'],
    ['/api/v1/x/../dots', 'dots'],
    ['/api/v1/./dots', 'dots'],
  ])('[F-25] may be spelled %s for the route %s', async (path, route) => {
    const definition = defineTicket({ place: 'louvre', purpose: 'visit', path });
    const guarded = { [adapter.name === 'Fastify' ? decodeURI(route) : route]: definition };
    const { museum, logged } = await warnings(guarded);
    expect(logged).toEqual([]);
    const { credentials } = await museum.tickets.issue(definition, {});
    const { pathname, search } = new URL(museum.tickets.url(definition, credentials));
    expect((await ask(museum.app, pathname + search)).status).toBe(303);
  });

  it('[F-25] leads nowhere where the definition guards no handler for GET, which opens a link', async () => {
    @Controller('louvre')
    class PostController {
      @Post()
      @InvitationRequired(BARE)
      visit() {
        return 'Welcome';
      }
    }
    const logged = hearWarnings();
    const { app, tickets } = await startApp(adapter, anyDatabase, {
      controllers: [PostController],
      options: { baseUrl: 'http://museum.example' },
    });
    expect(logged).toEqual([expect.stringContaining('a link is opened by GET')]);
    const { credentials } = await tickets.issue(BARE, {});
    const { pathname, search } = new URL(tickets.url(BARE, credentials));
    expect((await ask(app, pathname + search)).status).toBe(404);
  });

  it('[F-25] is found below a path of RouterModule', async () => {
    const controllers = [controllerOf({ louvre: BARE })];
    @Module({ controllers })
    class Museum {}
    const logged = hearWarnings();
    await startApp(adapter, anyDatabase, {
      controllers: [],
      imports: [Museum, RouterModule.register([{ path: 'museum', module: Museum }])],
    });
    expect(logged).toEqual([expect.stringContaining("write path: '/museum/louvre' into defineTicket()")]);
  });
});
