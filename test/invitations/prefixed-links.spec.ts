import { Controller, Get, VersioningType } from '@nestjs/common';
import { InvitationRequired } from 'nestjs-ticketoffice';
import { expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { ask, cookieOf } from './ask.js';

@Controller({ version: '1' })
class VersionedController {
  @Get('louvre')
  @InvitationRequired('louvre', 'visit')
  visit() {
    return 'Welcome';
  }
}

eachAdapter('a link of an app with a global prefix and versions', (adapter) => {
  it.each([
    ['http://museum.example', '/api/v1/louvre'],
    ['http://museum.example/api', '/v1/louvre'],
  ])('[F-25] leads to the handler: baseUrl %s, url(%s)', async (baseUrl, path) => {
    const { app, tickets } = await startApp(adapter, anyDatabase, {
      controllers: [VersionedController],
      options: { baseUrl },
      before: (nest) => nest.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI }),
    });
    const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
    const { pathname, search } = new URL(tickets.url(path, credentials));
    const opened = await ask(app, pathname + search);
    expect(opened.status).toBe(303);
    const { pathname: clean } = new URL(opened.headers.location!, `http://museum.example${pathname}`);
    const { status, body } = await ask(app, clean, { headers: { Cookie: cookieOf(opened) } });
    expect([status, body]).toEqual([200, 'Welcome']);
  });
});
