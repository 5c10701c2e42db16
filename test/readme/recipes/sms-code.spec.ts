import { expect, it } from 'vitest';
import { eachAdapter, request } from '../../support/adapters.js';
import { eachDatabase } from '../../support/databases.js';
import { Account } from './account.entity.js';
import { expectOne, startRecipe, twentyAtOnce } from './recipe.js';
import { PhoneCode } from './sms-code/phone-code.ticket.js';
import { PhoneController } from './sms-code/phone.controller.js';
import { Sms } from './sms.js';

const parts = { controllers: [PhoneController], entities: [Account], providers: [Sms] };
const number = '+33123456789';

eachAdapter('The recipe of a code by SMS', (adapter) => {
  const start = async (database?: Parameters<typeof startRecipe>[2]) => {
    const museum = await startRecipe(adapter, parts, database);
    const { app, dataSource } = museum;
    await dataSource.manager.insert(Account, [{ id: 'leonard' }, { id: 'lisa' }]);
    const sms = app.get(Sms);
    const as = (account: string) => ({
      ask: (fields: object) =>
        request(app).post('/account/phone/code').set('X-Account', account).type('form').send(fields),
      form: (location: string) => request(app).get(location).set('X-Account', account),
      type: (fields: { uuid: string; password: string }) =>
        request(app).post('/account/phone').set('X-Account', account).type('form').send(fields),
    });
    const last = () => /^Your code: (\d{8})\n\n@museum\.example #\1$/.exec(sms.sent.at(-1)!.text)![1]!;
    const phone = async (id = 'leonard') => (await dataSource.manager.findOneBy(Account, { id }))!.phone;
    return { ...museum, sms, as, last, phone };
  };

  it('keeps the number that the code was sent to', async () => {
    const { app, sms, as, last, phone } = await start();
    const { ask, form, type } = as('leonard');
    expect((await request(app).post('/account/phone/code').send({ number })).status).toBe(401);
    const asked = await ask({ number, other: 'field' });
    expect([asked.status, sms.sent[0]!.to]).toEqual([303, number]);
    const page = await form(asked.headers.location!);
    const [, action] = /action="([^"]+)"/.exec(page.text)!;
    const address = new URL(action!, new URL(asked.headers.location!, 'http://museum.example'));
    expect(address.pathname).toBe('/account/phone');
    const [, uuid] = /name="uuid" value="([^"]+)"/.exec(page.text)!;
    expect(page.text).not.toContain(last());
    expect((await type({ uuid: uuid!, password: 'nothing' })).body.errorCode).toBe('TICKET_INVALID');
    const confirmed = await type({ uuid: uuid!, password: last().replace(/(?=.{4}$)/, ' ') });
    expect([confirmed.status, confirmed.headers.location, await phone()]).toEqual([303, '/account', number]);
    expect((await type({ uuid: uuid!, password: last() })).body.errorCode).toBe('TICKET_USED');
  });

  it('sends no code to what is no number, and three at most in ten minutes', async () => {
    const { sms, tickets, as, last } = await start();
    const { ask, type } = as('leonard');
    expect((await ask({ number: '0123' })).status).toBe(400);
    await ask({ number });
    const [first] = await tickets.list(PhoneCode);
    const code = last();
    expect((await ask({ number })).status).toBe(303);
    expect((await type({ uuid: first!.uuid, password: code })).body.errorCode).toBe('TICKET_REVOKED');
    expect((await ask({ number })).status).toBe(429);
    expect((await as('lisa').ask({ number })).status).toBe(303);
    expect(sms.sent).toHaveLength(3);
  });

  it('takes five guesses, and the code from no other account', async () => {
    const { tickets, as, last, phone } = await start();
    await as('leonard').ask({ number });
    const [{ uuid } = { uuid: '' }] = await tickets.list(PhoneCode);
    expect((await as('lisa').type({ uuid, password: last() })).status).toBe(403);
    expect([await phone('lisa'), (await tickets.find(uuid))?.status()]).toEqual([null, 'valid']);
    for (let guess = 0; guess < 5; guess += 1) await as('leonard').type({ uuid, password: 'wrong' });
    const locked = await as('leonard').type({ uuid, password: last() });
    expect([locked.status, locked.body.errorCode, await phone()]).toEqual([403, 'TICKET_INVALID', null]);
  });

  eachDatabase('twenty requests at once', (database) => {
    it('use the code once', async () => {
      const { tickets, as, last, phone } = await start(database);
      await as('leonard').ask({ number });
      const [{ uuid } = { uuid: '' }] = await tickets.list(PhoneCode);
      expectOne(await twentyAtOnce(() => as('leonard').type({ uuid, password: last() })), 303);
      expect(await phone()).toBe(number);
    });
  });
});
