import { TypeOrmModule } from '@nestjs/typeorm';
import { expect, it } from 'vitest';
import { eachAdapter, request } from '../support/adapters.js';
import { anyDatabase, startApp } from '../support/app.js';
import { AccountController } from './account.controller.js';
import { Account } from './account.entity.js';
import { hashOf } from './password.hash.js';
import { open } from './recipes/recipe.js';

eachAdapter('The password reset of the README', (adapter) => {
  it('changes the password once, and revokes the account’s other links', async () => {
    const { app, dataSource, tickets } = await startApp(adapter, anyDatabase, {
      controllers: [AccountController],
      imports: [TypeOrmModule.forFeature([Account])],
    });
    await dataSource.synchronize();
    await dataSource.manager.insert(Account, { id: 'leonard' });
    const reset = { place: 'account', purpose: 'reset password', subject: 'leonard' };
    const { credentials } = await tickets.issue(reset);
    const other = await tickets.issue(reset);
    const { location, cookie } = await open(app, tickets.url('/account/password', credentials));
    const form = await request(app).get(location).set('Cookie', cookie).accept('text/html');
    expect(form.text).toContain('<form method="post">');
    const send = (secret?: string) =>
      request(app).post(location).set('Cookie', cookie).type('form').send({ secret });
    for (const refused of [await send(), await send('x'.repeat(11))]) expect(refused.status).toBe(400);
    expect((await send('a password of Léonard')).text).toBe('Your password has been changed.');
    expect((await send('another password')).body.errorCode).toBe('TICKET_USED');
    const password = await hashOf('a password of Léonard');
    expect(await dataSource.manager.find(Account)).toMatchObject([{ id: 'leonard', password }]);
    expect((await tickets.find(other.ticket.uuid))?.status()).toBe('revoked');
  });
});
