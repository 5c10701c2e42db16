import { expect, it, vi } from 'vitest';
import { captureLog } from '../../invitations/captured-log.js';
import { authorization } from '../../invitations/ask.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { barrier } from '../../support/barrier.js';
import { eachDatabase } from '../../support/databases.js';
import { Account } from './account.entity.js';
import { hashOf } from './password.hash.js';
import { ForgottenController } from './password-reset/forgotten.controller.js';
import { PasswordReset } from './password-reset/password-reset.ticket.js';
import { PasswordController } from './password-reset/password.controller.js';
import { expectOne, open, startRecipe, twentyAtOnce } from './recipe.js';

const parts = { controllers: [ForgottenController, PasswordController], entities: [Account] };
const ANSWER = [202, 'If there is such an account, a link is on its way.'];

eachAdapter('The recipe of a password reset', (adapter) => {
  const start = async (database?: Parameters<typeof startRecipe>[2]) => {
    const museum = await startRecipe(adapter, parts, database);
    const accounts = museum.dataSource.getRepository(Account);
    await accounts.insert([
      { id: 'leonard', email: 'leonard@museum.example' },
      { id: 'lisa', email: '<lisa>@museum.example' },
    ]);
    const issue = async (subject: string, email = 'leonard@museum.example') =>
      (await museum.tickets.issue(PasswordReset, { subject, data: { email } })).credentials;
    return { ...museum, accounts, issue };
  };

  it('[F-18] answers alike, account or none, mail server up, slow or down', async () => {
    const { app, tickets, mail } = await start();
    const ask = async (email: unknown) => {
      const { status, text } = await request(app).post('/account/forgotten').send({ email });
      return [status, text];
    };
    expect(await ask('nobody@museum.example')).toEqual(ANSWER);
    for (const wrong of ['', undefined, null, { not: '' }, ['a@museum.example'], 42, 'x'.repeat(9999)])
      expect((await ask(wrong))[0]).toBe(400);
    expect(await tickets.list()).toEqual([]);

    expect(await ask('leonard@museum.example')).toEqual(ANSWER);
    await vi.waitFor(() => expect(mail.sent).toHaveLength(1));
    expect(mail.sent[0]!.to).toBe('leonard@museum.example');
    expect(mail.sent[0]!.text).toContain('/account/password?uuid=');

    const log = captureLog();
    const [asked, down] = [barrier(), barrier()];
    vi.spyOn(mail, 'send').mockImplementationOnce(async () => {
      asked.open();
      await down.opened;
      throw new Error('the mail server is down');
    });
    // Answered while the mail server has not answered yet.
    expect(await ask('leonard@museum.example')).toEqual(ANSWER);
    await asked.opened;
    down.open();
    await vi.waitFor(() => expect(log.map(({ text }) => text)).toEqual(['No link was sent']));
  });

  it('sends no more than three links that are valid, and hears an address ten times in ten minutes', async () => {
    const { app, tickets, mail, issue } = await start();
    for (let link = 0; link < 3; link += 1) await issue('leonard');
    const ask = () => request(app).post('/account/forgotten').send({ email: 'leonard@museum.example' });
    const count = vi.spyOn(tickets, 'count');
    for (let time = 0; time < 10; time += 1) expect((await ask()).status).toBe(202);
    await vi.waitFor(() => expect(count).toHaveBeenCalledTimes(10));
    await Promise.all(count.mock.results.map(({ value }) => value));
    expect((await ask()).status).toBe(429);
    // Of that address, all other routes are open.
    expect((await request(app).get('/account/password')).status).toBe(401);
    expect([mail.sent.length, await tickets.count(PasswordReset)]).toEqual([0, 3]);
  });

  it('changes the password once, ends the sessions, and revokes the account’s other links', async () => {
    const { app, tickets, accounts, issue } = await start();
    const links = [await issue('leonard'), await issue('leonard'), await issue('lisa')];
    const { location, cookie } = await open(app, tickets.url(PasswordReset, links[0]!));
    const look = () => request(app).get(location).set('Cookie', cookie).accept('text/html');
    for (const form of [await look(), await look()]) expect(form.text).toContain('<form method="post">');
    const send = (secret?: string) =>
      request(app).post(location).set('Cookie', cookie).type('form').send({ secret });
    for (const refused of [await send(), await send('x'.repeat(11)), await send('x'.repeat(201))])
      expect(refused.status).toBe(400);
    const statuses = () => Promise.all(links.map(async ({ uuid }) => (await tickets.find(uuid))!.status()));
    expect(await statuses()).toEqual(['valid', 'valid', 'valid']);

    const changed = await send('a password of Léonard');
    expect([changed.status, changed.headers.location]).toEqual([303, '/log-in']);
    expect((await send('another password')).body.errorCode).toBe('TICKET_USED');
    expect(await statuses()).toEqual(['used', 'revoked', 'valid']);
    const password = await hashOf('a password of Léonard');
    expect(await accounts.findOneBy({ id: 'leonard' })).toMatchObject({ password, sessionVersion: 1 });
    expect(await accounts.findOneBy({ id: 'lisa' })).toMatchObject({ password: '', sessionVersion: 0 });
  });

  it('uses nothing up when the account is gone', async () => {
    const { app, tickets, accounts, issue } = await start();
    const credentials = await issue('leonard');
    await accounts.delete({ id: 'leonard' });
    const send = request(app).post('/account/password').set(authorization(credentials));
    expect((await send.send({ secret: 'a password of Léonard' })).status).toBe(410);
    expect((await tickets.find(credentials.uuid))?.status()).toBe('valid');
  });

  it('[S-13] resets the password of the form’s own link, though another was opened since', async () => {
    const { app, tickets, accounts, issue } = await start();
    const forms: string[] = [];
    let cookie = '';
    for (const id of ['leonard', 'lisa']) {
      const link = tickets.url(PasswordReset, await issue(id, `<${id}>@museum.example`));
      ({ cookie } = await open(app, link, cookie));
      const form = await request(app).get('/account/password').set('Cookie', cookie);
      expect(form.text).toContain(`value="&#60;${id}&#62;@museum.example"`);
      forms.push(/name="ticket-uuid" value="([^"]+)"/.exec(form.text)![1]!);
    }
    const fields = { 'ticket-uuid': forms[0], secret: 'a password of Léonard' };
    const sent = await request(app).post('/account/password').set('Cookie', cookie).type('form').send(fields);
    expect(sent.status).toBe(303);
    const changed = (await accounts.find()).filter(({ password }) => password !== '');
    expect(changed.map(({ id }) => id)).toEqual(['leonard']);
  });

  eachDatabase('twenty requests at once', (database) => {
    it('change the password once', async () => {
      const { app, accounts, issue } = await start(database);
      const credentials = await issue('leonard');
      const send = () =>
        request(app)
          .post('/account/password')
          .set(authorization(credentials))
          .send({ secret: 'a password of Léonard' });
      expectOne(await twentyAtOnce(send), 303);
      expect(await accounts.findOneBy({ id: 'leonard' })).toMatchObject({ sessionVersion: 1 });
    });
  });
});
