import { createHash, randomBytes } from 'node:crypto';
import { TypeOrmModule } from '@nestjs/typeorm';
import { expect, it } from 'vitest';
import { follow } from '../invitations/ask.js';
import { request, type TestAdapter } from '../support/adapters.js';
import { startApp } from '../support/app.js';
import type { TestDatabase } from '../support/databases.js';
import { eachPlatform } from '../support/platforms.js';
import { OldResetController } from './old-reset.controller.js';
import { hashOf } from './password.hash.js';
import { User } from './user.entity.js';
import { UserPasswordController } from './user-password.controller.js';

const HOUR = 60 * 60 * 1000;

/** The app of docs/from-a-token-table.md with one user, whom a link of before was sent to. */
async function museum(adapter: TestAdapter, database: TestDatabase, life = HOUR) {
  const { app, dataSource, tickets } = await startApp(adapter, database, {
    controllers: [OldResetController, UserPasswordController],
    imports: [TypeOrmModule.forFeature([User])],
  });
  await dataSource.synchronize();
  await dataSource.manager.clear(User);
  const token = randomBytes(32).toString('base64url');
  const expiresAt = Date.now() + life;
  await dataSource.manager.insert(User, {
    id: 'leonard',
    resetTokenHash: createHash('sha256').update(token).digest('hex'),
    resetTokenExpiresAt: expiresAt,
  });
  const exchange = (shown = token) => request(app).get(`/reset/${shown}`);
  /** Follows the old link to the form; sends the form with this password. */
  const change = async (link: string, secret: string) => {
    const { pathname, search } = new URL(link);
    const opened = await request(app).get(pathname + search);
    const cookie = opened.headers['set-cookie']![0]!;
    const form = follow(pathname, opened.headers.location!);
    return request(app).post(form).set('Cookie', cookie).type('form').send({ secret });
  };
  const user = () => dataSource.manager.findOneByOrFail(User, { id: 'leonard' });
  return { tickets, exchange, change, user, expiresAt };
}

eachPlatform('An old link of a token table', (database, adapter) => {
  it('leads to a ticket, may be opened often, and changes the password once', async () => {
    const { tickets, exchange, change, user, expiresAt } = await museum(adapter, database);
    const opened = [await exchange(), await exchange(), await exchange()];
    expect(opened.map(({ status }) => status)).toEqual([303, 303, 303]);
    const links = opened.map(({ headers }) => headers['location']!);
    const [ticket] = await tickets.list({ subject: 'leonard' });
    expect(Number(ticket!.expiresAt)).toBe(expiresAt);

    expect((await change(links[1]!, 'too short')).status).toBe(400);
    expect((await exchange()).status).toBe(303);
    expect((await change(links[1]!, 'a password of Léonard')).text).toBe('Your password has been changed.');
    const password = await hashOf('a password of Léonard');
    expect(await user()).toMatchObject({ password, resetTokenHash: null, resetTokenExpiresAt: null });

    expect((await exchange()).status).toBe(410);
    expect(await tickets.count({ subject: 'leonard', status: 'valid' })).toBe(0);
  });

  it('opens nothing once its token has expired, nor with another token', async () => {
    const { tickets, exchange } = await museum(adapter, database, -1);
    const before = await tickets.count();
    expect([(await exchange()).status, (await exchange('another')).status]).toEqual([410, 410]);
    expect(await tickets.count()).toBe(before);
  });

  it('leaves no ticket behind that is valid, though it is opened while the password is changed', async () => {
    const { tickets, exchange, change, user } = await museum(adapter, database);
    const link = (await exchange()).headers['location']!;
    const changing = change(link, 'a password of Léonard');
    const opened = await Promise.all(
      Array.from({ length: 8 }, () => exchange().then(({ status }) => status)),
    );
    expect((await changing).status).toBe(201);
    expect(opened.filter((status) => status !== 303 && status !== 410)).toEqual([]);
    expect(await user()).toMatchObject({ resetTokenHash: null });
    expect(await tickets.count({ subject: 'leonard', status: 'valid' })).toBe(0);
  });
});
