import { All, Body, Controller, Header, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation, TicketUsedError } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';
import { ask, authorization, BROWSER, cookieOf, queryOf } from '../ask.js';

@Controller()
@InvitationRequired('louvre', 'visit', { credentials: ['body'] })
class RoomsController {
  @All('garden')
  garden(@Body() _body: unknown) {
    return 'Welcome';
  }

  @All('louvre')
  @UseInterceptors(StampInvitation)
  louvre() {
    return 'Welcome';
  }

  @All('own')
  @Header('Referrer-Policy', 'strict-origin')
  own() {
    return 'Welcome';
  }

  @All('refusing')
  refusing() {
    throw new TicketUsedError(new Date());
  }
}

const controllers = [RoomsController];

eachAdapter('the Referrer-Policy', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    const before = (app: Museum['app']) =>
      adapter.name === 'Express' &&
      app.use(
        (_: unknown, response: { setHeader: (name: string, value: string) => void }, next: () => void) => {
          // Helmet's default.
          response.setHeader('Referrer-Policy', 'no-referrer');
          next();
        },
      );
    museum = await startApp(adapter, anyDatabase, { controllers, before });
  });

  async function guest(at = museum) {
    const { credentials } = await at.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const opened = await ask(at.app, `/garden?${queryOf(credentials)}`);
    const headers = { ...BROWSER, Cookie: cookieOf(opened) };
    const policyOf = async (
      path: string,
      question: { method?: string; headers?: object; body?: string } = {},
    ) => {
      const answer = await ask(at.app, path, { ...question, headers: { ...headers, ...question.headers } });
      return [answer.status, answer.headers['referrer-policy']];
    };
    return { credentials, opened, policyOf };
  }

  it('[F-19] lets browsers name their origin with the forms of what an admitted guest is shown', async () => {
    const { credentials, policyOf } = await guest();
    expect(await policyOf('/garden')).toEqual([200, 'same-origin']);
    expect(await policyOf('/garden', { method: 'POST' })).toEqual([200, 'same-origin']);
    // The page with the button, too.
    expect(await policyOf('/louvre')).toEqual([200, 'same-origin']);
    expect(await policyOf('/garden', { headers: authorization(credentials) })).toEqual([200, 'same-origin']);
    const { uuid, password } = credentials;
    const body = JSON.stringify({ uuid, password });
    const headers = { 'Content-Type': 'application/json' };
    expect(await policyOf('/garden', { method: 'PUT', body, headers })).toEqual([200, 'same-origin']);
  });

  it('[F-19] [L-4] names nothing in redirects, refusals, answers in advance, and where the address has credentials', async () => {
    const { credentials, opened, policyOf } = await guest();
    expect([opened.status, opened.headers['referrer-policy']]).toEqual([303, 'no-referrer']);
    expect(await policyOf(`/garden?${queryOf({ uuid: credentials.uuid, password: 'wrong' })}`)).toEqual([
      403,
      'no-referrer',
    ]);
    expect(await policyOf('/garden', { headers: { Cookie: '' } })).toEqual([401, 'no-referrer']);
    expect(await policyOf('/garden', { headers: { 'Sec-Purpose': 'prefetch' } })).toEqual([
      503,
      'no-referrer',
    ]);
    const foreign = { method: 'POST', headers: { Origin: 'null' } };
    expect(await policyOf('/garden', foreign)).toEqual([403, 'no-referrer']);
    const inPlace = { method: 'PUT' };
    expect(await policyOf(`/garden?${queryOf(credentials)}`, inPlace)).toEqual([200, 'no-referrer']);
    for (const Accept of [BROWSER.Accept, 'application/json'])
      expect(await policyOf('/refusing', { headers: { Accept } })).toEqual([403, 'no-referrer']);
    await museum.tickets.revoke(credentials.uuid);
    for (const Accept of [BROWSER.Accept, 'application/json'])
      expect(await policyOf('/louvre', { headers: { Accept } })).toEqual([403, 'no-referrer']);
  });

  it('[F-19] [L-4] names nothing without passes, where the credentials stay in the address', async () => {
    const passless = await startApp(adapter, anyDatabase, { controllers, options: { pass: false } });
    const { credentials, policyOf } = await guest(passless);
    expect(await policyOf(`/garden?${queryOf(credentials)}`)).toEqual([200, 'no-referrer']);
  });

  it('[F-19] is the handler’s own where it sets one', async () => {
    const { policyOf } = await guest();
    expect(await policyOf('/own')).toEqual([200, 'strict-origin']);
  });
});
