import { All, Controller } from '@nestjs/common';
import {
  InvitationRequired,
  TicketBusyError,
  TicketOfficeBusyError,
  TicketUsedError,
} from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../../support/app.js';
import { ask, authorization, BROWSER, type Question } from '../ask.js';

@Controller()
@InvitationRequired('louvre', 'visit')
class BusyController {
  @All('ticket')
  ticket() {
    throw new TicketBusyError();
  }

  @All('office')
  office() {
    throw new TicketOfficeBusyError();
  }

  @All('used')
  used() {
    throw new TicketUsedError(new Date());
  }
}

const controllers = [BusyController];

async function refreshOf(museum: Museum, path: string, { method, headers }: Question = {}) {
  const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
  const question = { method, headers: { ...authorization(credentials), ...(headers ?? BROWSER) } };
  const answer = await ask(museum.app, path, question);
  return [answer.status, answer.headers.refresh, answer.headers['retry-after']];
}

eachAdapter('the page for what may be over in a moment', (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers });
  });

  it.each([
    ['/ticket', 409],
    ['/office', 503],
  ])('[F-29] loads itself again after a GET of %s, and after nothing else', async (path, status) => {
    expect(await refreshOf(museum, path)).toEqual([status, '1', '1']);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(await refreshOf(museum, path, { method })).toEqual([status, undefined, '1']);
    expect(await refreshOf(museum, path, { headers: {} })).toEqual([status, undefined, '1']);
  });

  it('[F-29] is no other page', async () => {
    expect(await refreshOf(museum, '/used')).toEqual([403, undefined, undefined]);
  });

  it('[F-29] loads itself again only where it is the built-in one', async () => {
    const pages = { forbidden: () => '<p>One moment</p>' };
    const own = await startApp(adapter, anyDatabase, { controllers, options: { pages } });
    expect(await refreshOf(own, '/ticket')).toEqual([409, undefined, '1']);
  });
});
