import { Controller, Get, Injectable, UseGuards } from '@nestjs/common';
import {
  CredentialsError,
  InvitationGuard,
  InvitationRequired,
  type Ticket,
  type Visit,
} from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase, type Museum, startApp } from '../support/app.js';
import { ask, authorization } from './ask.js';

/** Admits on Sundays only. */
@Injectable()
class SundayGuard extends InvitationGuard {
  protected override async admit(visit: Visit): Promise<Ticket> {
    if (visit.request.headers['x-day'] !== 'Sunday') throw new CredentialsError();
    return super.admit(visit);
  }
}

@Controller()
class LouvreController {
  @Get('above')
  @UseGuards(SundayGuard)
  @InvitationRequired('louvre', 'visit')
  above() {}

  @Get('below')
  @InvitationRequired('louvre', 'visit')
  @UseGuards(SundayGuard)
  below() {}
}

@Controller('wing')
@InvitationRequired('louvre', 'visit')
class WingController {
  @Get()
  @UseGuards(SundayGuard)
  visit() {}
}

eachAdapter("A guard of the app's that is stricter than the library's", (adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, anyDatabase, { controllers: [LouvreController, WingController] });
  });

  it.each(['/above', '/below', '/wing'])('is asked wherever it is bound: %s', async (path) => {
    const { credentials } = await museum.tickets.issue({ place: 'louvre', purpose: 'visit' });
    const headers = authorization(credentials);
    expect((await ask(museum.app, path, { headers })).status).toBe(403);
    expect((await ask(museum.app, path, { headers: { ...headers, 'X-Day': 'Sunday' } })).status).toBe(200);
  });
});
