import { expect, it } from 'vitest';
import { authorization } from '../../invitations/ask.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { Account } from './account.entity.js';
import { Member } from './member.entity.js';
import { hashOf } from './password.hash.js';
import { expectOne, open, startRecipe, twentyAtOnce } from './recipe.js';
import { InvitationsController } from './team-invitation/invitations.controller.js';
import { JoinController } from './team-invitation/join.controller.js';
import { TeamInvitation } from './team-invitation/team-invitation.ticket.js';

const parts = { controllers: [InvitationsController, JoinController], entities: [Account, Member] };
const email = 'lisa@museum.example';
const secret = 'a password of Lisa';
const UNKNOWN = '0190a0b0-c0d0-7e0f-8a1b-2c3d4e5f6071';

eachAdapter('The recipe of an invitation to a team', (adapter) => {
  const start = async (database?: Parameters<typeof startRecipe>[2]) => {
    const museum = await startRecipe(adapter, parts, database);
    const { app } = museum;
    const asAdmin = (method: 'get' | 'post' | 'delete', path = '') =>
      request(app)[method](`/team/invitations${path}`).set('X-Account', 'admin');
    return { ...museum, asAdmin };
  };

  it('invites, lists who is pending, sends again, and revokes', async () => {
    const { app, mail, asAdmin } = await start();
    expect((await request(app).get('/team/invitations')).status).toBe(401);
    expect((await asAdmin('post').send({ email: 'nobody' })).status).toBe(400);
    expect((await asAdmin('post').send({ email })).status).toBe(201);
    expect((await asAdmin('post').send({ email })).status).toBe(409);
    await asAdmin('post').send({ email: 'leonard@museum.example' });
    const pending = (await asAdmin('get')).body as { uuid: string; email: string; expiresAt: string }[];
    expect(pending.map((invitation) => invitation.email)).toEqual(['leonard@museum.example', email]);
    expect(Object.keys(pending[0]!)).toEqual(['uuid', 'email', 'expiresAt']);

    const { uuid } = pending[1]!;
    expect((await asAdmin('post', `/${uuid}/resend`)).status).toBe(204);
    const [first, , again] = mail.sent;
    expect([first!.to, again!.to]).toEqual([email, email]);
    const { pathname, search } = new URL(first!.text);
    expect((await request(app).get(pathname + search)).body.errorCode).toBe('TICKET_INVALID');
    const { location, cookie } = await open(app, again!.text);
    expect((await asAdmin('delete', `/${uuid}`)).status).toBe(204);
    const revoked = await request(app).get(location).set('Cookie', cookie);
    expect(revoked.body.errorCode).toBe('TICKET_REVOKED');
    expect((await asAdmin('post', `/${uuid}/resend`)).status).toBe(409);
    expect((await asAdmin('get')).body).toMatchObject([{ email: 'leonard@museum.example' }]);
    expect((await asAdmin('post').send({ email })).status).toBe(201);
  });

  it('sends and revokes no ticket of another kind', async () => {
    const { tickets, mail, asAdmin } = await start();
    const reset = { place: 'account', purpose: 'reset password', subject: 'leonard' };
    const { ticket } = await tickets.issue(reset);
    for (const uuid of [ticket.uuid, UNKNOWN, 'nothing']) {
      expect((await asAdmin('post', `/${uuid}/resend`)).status).toBe(404);
      expect((await asAdmin('delete', `/${uuid}`)).status).toBe(404);
    }
    expect(mail.sent).toEqual([]);
    expect((await tickets.find(ticket.uuid))?.status()).toBe('valid');
  });

  it('makes a guest without an account a member with one', async () => {
    const { app, dataSource, mail, asAdmin } = await start();
    await asAdmin('post').send({ email });
    const { location, cookie } = await open(app, mail.sent[0]!.text);
    const page = await request(app).get(location).set('Cookie', cookie).accept('text/html');
    expect(page.text).toContain(`value="${email}" readonly`);
    const send = (fields: object) =>
      request(app).post(location).set('Cookie', cookie).type('form').send(fields);
    for (const fields of [{}, { secret: 'short' }]) expect((await send(fields)).status).toBe(400);
    const joined = await send({ secret });
    expect([joined.status, joined.headers.location]).toEqual([303, '/team']);
    const [account] = await dataSource.manager.find(Account);
    expect(account).toMatchObject({ email, password: await hashOf(secret) });
    expect(await dataSource.manager.find(Member)).toEqual([{ account: account!.id }]);
    expect((await send({ secret })).body.errorCode).toBe('TICKET_USED');
  });

  it('makes the account that is logged in a member, and no other account', async () => {
    const { app, dataSource, mail, asAdmin } = await start();
    await dataSource.manager.insert(Account, { id: 'lisa', email });
    await asAdmin('post').send({ email });
    const { location, cookie } = await open(app, mail.sent[0]!.text);
    const stranger = await request(app).post(location).set('Cookie', cookie).type('form').send({ secret });
    const message = 'You have an account already: log in, and open the link again.';
    expect([stranger.status, stranger.body.message]).toEqual([409, message]);
    const loggedIn = (method: 'get' | 'post') =>
      request(app)[method](location).set('Cookie', cookie).set('X-Account', 'lisa');
    expect((await loggedIn('get')).text).not.toContain('password');
    expect((await loggedIn('post')).status).toBe(303);
    expect(await dataSource.manager.find(Member)).toEqual([{ account: 'lisa' }]);
    expect(await dataSource.manager.count(Account)).toBe(1);
  });

  it('[F-28] tells a member who is there already, whichever invitation is opened', async () => {
    const { app, dataSource, tickets } = await start();
    await dataSource.manager.insert(Member, { account: 'lisa' });
    const { credentials } = await tickets.issue(TeamInvitation, { subject: email });
    const accept = () =>
      request(app).post('/team/join').set(authorization(credentials)).set('X-Account', 'lisa');
    for (const again of [await accept(), await accept()])
      expect([again.status, again.body.message]).toEqual([409, 'You are a member already.']);
    expect((await tickets.find(credentials.uuid))?.status()).toBe('valid');
  });

  it('shows an address as text', async () => {
    const { app, tickets } = await start();
    const { credentials } = await tickets.issue(TeamInvitation, { subject: '"><script>' });
    const page = await request(app).get('/team/join').set(authorization(credentials));
    expect(page.text).toContain('value="&#34;&#62;&#60;script&#62;"');
  });

  eachDatabase('twenty requests at once', (database) => {
    it('invite an address once, and make one member', async () => {
      const { app, dataSource, tickets, asAdmin } = await start(database);
      const invited = await twentyAtOnce(() => asAdmin('post').send({ email }));
      expectOne(invited, 201);
      const [ticket] = await tickets.list(TeamInvitation);
      const { credentials } = await tickets.reissue(ticket!.uuid);
      const join = () => request(app).post('/team/join').set(authorization(credentials)).send({ secret });
      expectOne(await twentyAtOnce(join), 303);
      expect([await dataSource.manager.count(Account), await dataSource.manager.count(Member)]).toEqual([
        1, 1,
      ]);
    });
  });
});
