import { TypeOrmModule } from '@nestjs/typeorm';
import { expect, it } from 'vitest';
import { driverOf, startGraphql } from '../contexts/graphql.museum.js';
import { authorization } from '../invitations/ask.js';
import { eachAdapter } from '../support/adapters.js';
import { anyDatabase } from '../support/app.js';
import { Account } from './account.entity.js';
import { AccountResolver } from './account.resolver.js';
import { hashOf } from './password.hash.js';

eachAdapter('the recipe of a GraphQL resolver', (adapter) => {
  const open = async () => {
    const imports = [TypeOrmModule.forFeature([Account])];
    const museum = await startGraphql(adapter, anyDatabase, [AccountResolver], { imports });
    await museum.dataSource.synchronize();
    await museum.dataSource.manager.insert(Account, [{ id: 'leonard' }, { id: 'lisa' }]);
    const reset = { place: 'account', purpose: 'reset password', subject: 'leonard' };
    const { credentials } = await museum.tickets.issue(reset);
    return { ...museum, headers: authorization(credentials) };
  };
  const reset = (secret: string) => `mutation { resetPassword(secret: "${secret}") }`;

  it(`(${driverOf(adapter)}) resets a password once, in one transaction with the stamp`, async () => {
    const { send, headers, dataSource } = await open();
    expect(await send('{ accountToReset }', headers)).toEqual({ data: { accountToReset: 'leonard' } });
    const short = await send(reset('short'), headers);
    expect(short.errors).toMatchObject([
      { message: 'Choose 12 characters or more.', extensions: { code: 'BAD_REQUEST' } },
    ]);
    const all = Array.from({ length: 20 }, () => send(reset('a password of Leonard'), headers));
    const done = (await Promise.all(all)).filter(({ data }) => data?.resetPassword === true);
    expect(done).toHaveLength(1);
    const passwords = (await dataSource.manager.find(Account, { order: { id: 'ASC' } })).map(
      ({ password }) => password,
    );
    expect(passwords).toEqual([await hashOf('a password of Leonard'), '']);
  });

  it('tells a client why by a code of the ticket office, on both drivers', async () => {
    const { send, headers } = await open();
    const missing = await send('{ accountToReset }');
    expect(missing.errors).toMatchObject([
      {
        message: 'A link or a code is needed here.',
        path: ['accountToReset'],
        extensions: { code: 'TICKET_MISSING', statusCode: 401 },
      },
    ]);
    await send(reset('a password of Leonard'), headers);
    const used = await send(reset('another password'), headers);
    expect(used).toMatchObject({
      data: { resetPassword: null },
      errors: [
        {
          extensions: { code: 'TICKET_USED', statusCode: 403, usedAt: expect.stringMatching(/Z$/) as string },
        },
      ],
    });
  });
});
