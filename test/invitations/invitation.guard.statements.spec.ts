import { Controller, Get, UseInterceptors } from '@nestjs/common';
import { InvitationRequired, StampInvitation } from 'nestjs-ticketoffice';
import { beforeAll, expect, it } from 'vitest';
import { eachPlatform } from '../support/platforms.js';
import { aroundQueries } from '../support/around-queries.js';
import { request } from '../support/adapters.js';
import { type Museum, startApp, queriesOf } from '../support/app.js';
import { authorization } from './ask.js';

@Controller('once')
class OnceController {
  @Get()
  @InvitationRequired('louvre', 'visit')
  @UseInterceptors(StampInvitation)
  visit() {
    return 'Welcome';
  }
}

/** Its guard is bound twice: to the controller and to the handler. */
@Controller('twice')
@InvitationRequired('louvre', 'visit')
class TwiceController extends OnceController {}

eachPlatform('The statements of a request guard, claim and stamp', (database, adapter) => {
  let museum: Museum;
  beforeAll(async () => {
    museum = await startApp(adapter, database, { controllers: [OnceController, TwiceController] });
  });

  const issue = async () => (await museum.tickets.issue({ place: 'louvre', purpose: 'visit' })).credentials;
  const verbs = async (action: () => Promise<unknown>) =>
    (await queriesOf(museum, action)).map((sql) => sql.slice(0, 6));

  it.each(['/once', '/twice'])('are three with credentials in the header: %s', async (path) => {
    const headers = authorization(await issue());
    const answer = () => request(museum.app).get(path).set(headers).expect(200, 'Welcome');
    expect(await verbs(answer)).toEqual(['SELECT', 'UPDATE', 'UPDATE']);
  });

  it('are one for the redirect, and three with the pass', async () => {
    const { uuid, password } = await issue();
    let cookie = '';
    const open = async () => {
      const opened = await request(museum.app).get('/once').query({ uuid, password }).expect(303);
      cookie = opened.headers['set-cookie']![0]!;
    };
    expect(await verbs(open)).toEqual(['SELECT']);
    const visit = () => request(museum.app).get('/once').set('Cookie', cookie).expect(200);
    expect(await verbs(visit)).toEqual(['SELECT', 'UPDATE', 'UPDATE']);
  });

  it('leave the pass alone when the database fails', async () => {
    const { uuid, password } = await issue();
    const opened = await request(museum.app).get('/once').query({ uuid, password });
    const cookie = opened.headers['set-cookie']![0]!;
    let isGone = true;
    aroundQueries(museum.dataSource, (_, run) =>
      isGone ? Promise.reject(new Error('The database is gone')) : run(),
    );
    const failed = await request(museum.app).get('/once').set('Cookie', cookie);
    isGone = false;
    expect([failed.status, failed.headers['set-cookie']]).toEqual([500, undefined]);
  });
});
