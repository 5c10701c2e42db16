import { expect, it } from 'vitest';
import { authorization, BROWSER } from '../../invitations/ask.js';
import { formOf } from '../../invitations/page.form.js';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { Account } from './account.entity.js';
import { AddressController } from './change-an-address/address.controller.js';
import { AddressChange, AddressUndo } from './change-an-address/address.tickets.js';
import { PasswordReset } from './password-reset/password-reset.ticket.js';
import { expectOne, linkIn, open, type Opened, startRecipe, twentyAtOnce } from './recipe.js';

const parts = { controllers: [AddressController], entities: [Account] };
const OLD = 'leonard@old.example';
const NEW = 'leonard@new.example';
const change = { subject: 'leonard', data: { from: OLD, to: NEW } };

eachAdapter('The recipe to change an address', (adapter) => {
  const start = async (database?: Parameters<typeof startRecipe>[2]) => {
    const museum = await startRecipe(adapter, parts, database);
    const { app, dataSource, mail } = museum;
    const accounts = dataSource.getRepository(Account);
    await accounts.insert([
      { id: 'leonard', email: OLD, password: 'a hash' },
      { id: 'lisa', email: 'lisa@museum.example' },
    ]);
    const ask = (email: unknown, account = 'leonard') =>
      request(app).post('/account/address').set('X-Account', account).send({ email });
    /** Opens the link of the mail that was sent last. */
    const openLast = (to: string) => {
      expect(mail.sent.at(-1)!.to).toBe(to);
      return open(app, linkIn(mail.sent.at(-1)!.text));
    };
    const act = async ({ location, cookie }: Opened) => {
      const { status, text, body } = await request(app).get(location).set('Cookie', cookie);
      return [status, (body as { message?: string }).message ?? text];
    };
    const address = async (id = 'leonard') => (await accounts.findOneByOrFail({ id })).email;
    return { ...museum, accounts, ask, openLast, act, address };
  };

  it('confirms the new address on the page with the button, tells the old one, and undoes it', async () => {
    const { app, tickets, mail, accounts, ask, openLast, act, address } = await start();
    expect((await request(app).post('/account/address').send({ email: NEW })).status).toBe(401);
    expect((await ask('nowhere')).status).toBe(400);
    expect((await ask(NEW)).status).toBe(202);
    const link = await openLast(NEW);
    const browse = (target: string) => request(app).get(target).set('Cookie', link.cookie).set(BROWSER);
    const asked = await browse(link.location);
    expect([asked.status, await address()]).toEqual([200, OLD]);
    const confirmed = await browse(formOf(asked.text, link.location).target);
    expect([confirmed.text, await address()]).toEqual(['Your new address is confirmed.', NEW]);
    expect((await act(link))[0]).toBe(403);
    expect(mail.sent.at(-1)!.text).toContain(NEW);

    const reset = await tickets.issue(PasswordReset, { subject: 'leonard', data: { email: NEW } });
    const undo = await openLast(OLD);
    expect(await act(undo)).toEqual([
      200,
      'Your address is the old one again. Now ask for another password.',
    ]);
    expect(await accounts.findOneBy({ id: 'leonard' })).toMatchObject({
      email: OLD,
      password: '',
      sessionVersion: 1,
    });
    expect((await tickets.find(reset.ticket.uuid))?.status()).toBe('revoked');
    expect((await act(undo))[0]).toBe(403);
  });

  it('does not change an address again while its owner may undo the change', async () => {
    const { app, tickets, ask, openLast, act, address } = await start();
    await ask(NEW);
    await act(await openLast(NEW));
    expect((await ask('thief@new.example')).status).toBe(409);
    // As one that was asked for at the very moment of the first change.
    const data = { from: NEW, to: 'thief@new.example' };
    const { credentials } = await tickets.issue(AddressChange, { subject: 'leonard', data });
    const late = () => request(app).get('/account/address').set(authorization(credentials));
    expect([(await late()).status, await address()]).toEqual([409, NEW]);
    await act(await openLast(OLD));
    expect([(await late()).body.errorCode, await address()]).toEqual(['TICKET_REVOKED', OLD]);
  });

  it('confirms the address alone that was asked for last, and revokes links to reset the password', async () => {
    const { tickets, ask, openLast, act, address } = await start();
    const reset = await tickets.issue(PasswordReset, { subject: 'leonard', data: { email: OLD } });
    await ask('typo@new.example');
    const typo = await openLast('typo@new.example');
    await ask(NEW);
    expect((await act(typo))[0]).toBe(403);
    await act(await openLast(NEW));
    expect(await address()).toBe(NEW);
    expect((await tickets.find(reset.ticket.uuid))?.status()).toBe('revoked');
  });

  it('[F-28] changes no account that has changed meanwhile, and takes no address that is taken', async () => {
    const { tickets, accounts, ask, openLast, act, address } = await start();
    await ask('lisa@museum.example');
    const taken = await openLast('lisa@museum.example');
    for (let time = 0; time < 2; time += 1)
      expect(await act(taken)).toEqual([409, 'Another account has this address by now.']);

    await ask(NEW);
    const stale = await openLast(NEW);
    await accounts.update({ id: 'leonard' }, { email: 'by@support.example' });
    expect(await act(stale)).toEqual([410, 'Your account has changed meanwhile: ask again.']);
    expect([await address(), await tickets.count(AddressUndo)]).toEqual(['by@support.example', 0]);

    await accounts.update({ id: 'leonard' }, { email: OLD });
    await act(stale);
    const undo = await openLast(OLD);
    await accounts.update({ id: 'lisa' }, { email: OLD });
    expect(await act(undo)).toEqual([409, 'Another account has this address by now.']);
    await accounts.delete({ id: 'lisa' });
    await accounts.delete({ id: 'leonard' });
    expect(await act(undo)).toEqual([410, 'Your account has changed meanwhile.']);
  });

  eachDatabase('twenty requests at once', (database) => {
    it('change the address once, and issue one link to undo it', async () => {
      const { app, tickets, mail, address } = await start(database);
      const { credentials } = await tickets.issue(AddressChange, change);
      const send = () => request(app).get('/account/address').set(authorization(credentials));
      expectOne(await twentyAtOnce(send), 200);
      expect([await address(), await tickets.count(AddressUndo), mail.sent.length]).toEqual([NEW, 1, 1]);
    });
  });
});
