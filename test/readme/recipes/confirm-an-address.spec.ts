import { expect, it, vi } from 'vitest';
import { authorization } from '../../invitations/ask.js';
import { captureLog } from '../../invitations/captured-log.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { Account } from './account.entity.js';
import { NewAccountController } from './confirm-an-address/new-account.controller.js';
import { SignUpController } from './confirm-an-address/sign-up.controller.js';
import { SignUp } from './confirm-an-address/sign-up.ticket.js';
import { hashOf } from './password.hash.js';
import { expectOne, open, startRecipe, twentyAtOnce } from './recipe.js';

const parts = { controllers: [SignUpController, NewAccountController], entities: [Account] };
const email = "<o'leonard>@museum.example";
const secret = 'a password of Léonard';

eachAdapter('The recipe to confirm an address', (adapter) => {
  it('makes the account with the address that the link was sent to, once', async () => {
    const { app, dataSource, mail } = await startRecipe(adapter, parts);
    const address = 'leonard@museum.example';
    for (const wrong of ['nobody', `${'x'.repeat(191)}@museum.example`, undefined])
      expect((await request(app).post('/sign-up').send({ email: wrong })).status).toBe(400);
    await request(app).post('/sign-up').send({ email: address });
    await vi.waitFor(() => expect(mail.sent.map(({ to }) => to)).toEqual([address]));
    const { location, cookie } = await open(app, mail.sent[0]!.text);
    const form = await request(app).get(location).set('Cookie', cookie).accept('text/html');
    const [, uuid] = /name="ticket-uuid" value="([^"]+)"/.exec(form.text)!;
    expect(form.text).toContain(`value="${address}" readonly`);
    const send = (fields: object) =>
      request(app)
        .post(location)
        .set('Cookie', cookie)
        .type('form')
        .send({ 'ticket-uuid': uuid, ...fields });
    expect((await send({ secret: 'short' })).status).toBe(400);
    const made = await send({ secret, email: 'another@museum.example', id: 'mine' });
    expect([made.status, made.headers.location]).toEqual([303, '/log-in']);
    expect((await send({ secret })).body.errorCode).toBe('TICKET_USED');
    const accounts = await dataSource.manager.find(Account);
    expect(accounts).toMatchObject([{ email: address, password: await hashOf(secret) }]);
    expect(accounts[0]!.id).not.toBe('mine');
  });

  it('answers alike for an address that has an account, and tells its owner', async () => {
    const { app, dataSource, tickets, mail } = await startRecipe(adapter, parts);
    await dataSource.manager.insert(Account, { id: 'leonard', email: 'leonard@museum.example' });
    const ask = async (address: string) => {
      const { status, text } = await request(app).post('/sign-up').send({ email: address });
      return [status, text];
    };
    const answer = [202, 'Open the link that is on its way to you.'];
    expect(await ask('leonard@museum.example')).toEqual(answer);
    await vi.waitFor(() => expect(mail.sent).toHaveLength(1));
    expect(mail.sent[0]).toMatchObject({
      to: 'leonard@museum.example',
      text: expect.stringContaining('You have an account already'),
    });
    expect(await tickets.count()).toBe(0);
    const log = captureLog();
    vi.spyOn(mail, 'send').mockRejectedValueOnce(new Error('the mail server is down'));
    expect(await ask('lisa@museum.example')).toEqual(answer);
    await vi.waitFor(() => expect(log.map(({ text }) => text)).toEqual(['No mail was sent']));
  });

  it('[F-28] tells a guest whose address has an account by now', async () => {
    const { app, tickets } = await startRecipe(adapter, parts);
    const links = [
      await tickets.issue(SignUp, { subject: email }),
      await tickets.issue(SignUp, { subject: email }),
    ];
    const create = (index: number) =>
      request(app).post('/sign-up/account').set(authorization(links[index]!.credentials)).send({ secret });
    expect((await create(0)).status).toBe(303);
    for (const again of [await create(1), await create(1)])
      expect([again.status, again.body.message]).toEqual([
        409,
        'There is an account with this address by now.',
      ]);
  });

  it('shows an address as text', async () => {
    const { app, tickets } = await startRecipe(adapter, parts);
    const { credentials } = await tickets.issue(SignUp, { subject: email });
    const page = await request(app).get('/sign-up/account').set(authorization(credentials));
    expect(page.text).toContain('value="&#60;o&#39;leonard&#62;@museum.example"');
  });

  eachDatabase('twenty requests at once', (database) => {
    it('make one account, by one link or by several', async () => {
      const { app, dataSource, tickets } = await startRecipe(adapter, parts, database);
      const issue = async () => (await tickets.issue(SignUp, { subject: email })).credentials;
      const shared = await issue();
      const create = (credentials: typeof shared) =>
        request(app).post('/sign-up/account').set(authorization(credentials)).send({ secret });
      expectOne(await twentyAtOnce(() => create(shared)), 303);
      expect(await dataSource.manager.count(Account)).toBe(1);

      await dataSource.manager.clear(Account);
      const links = await Promise.all(Array.from({ length: 20 }, issue));
      const statuses = await twentyAtOnce(() => create(links.pop()!));
      expect(statuses.filter((status) => status === 303)).toHaveLength(1);
      expect(await dataSource.manager.count(Account)).toBe(1);
    });
  });
});
