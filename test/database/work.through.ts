import { CredentialsError } from 'nestjs-ticketoffice';
import { expect } from 'vitest';
import type { TicketOffice } from '../support/office.js';

const scope = { place: 'louvre', purpose: 'visit' };

/** All that the office reads and writes, and reads again after each write. */
export async function workThrough({ tickets }: TicketOffice): Promise<void> {
  // A letter beyond the first plane, a backslash, both quotes.
  const subject = `léonard 𝔏 🖼 \\ ' "`;
  const issue = async (input: object = {}) => tickets.issue({ ...scope, ...input });
  const listed = async (status: 'valid' | 'claimed' | 'used' | 'revoked') =>
    (await tickets.list({ ...scope, status })).map(({ uuid }) => uuid);
  const [one, two, three] = [
    await issue({ subject, data: { room: '🖼' } }),
    await issue({ password: 'I love Paris' }),
    await issue(),
  ];
  const [first, second, third] = [one, two, three].map(({ credentials }) => credentials.uuid) as [
    string,
    string,
    string,
  ];
  expect(new Set(await listed('valid'))).toEqual(new Set([first, second, third]));
  expect(await tickets.find(first)).toMatchObject({ subject, data: { room: '🖼' } });

  const wrong = tickets.authenticate({ uuid: second, password: 'I love Rome' }, scope.place, scope.purpose);
  await expect(wrong).rejects.toThrow(CredentialsError);
  const claim = await tickets.claim(await tickets.authenticate(two.credentials, scope.place, scope.purpose));
  expect(await listed('claimed')).toEqual([second]);
  await claim.stamp();
  expect([await listed('claimed'), await listed('used')]).toEqual([[], [second]]);

  expect(await tickets.revoke(third)).toBe(true);
  expect([await listed('revoked'), await listed('valid')]).toEqual([[third], [first]]);
  // Two at once with one connection: the second waits, and is refused.
  const both = [1, 2].map(() =>
    tickets.redeem(one.credentials, scope.place, scope.purpose, async (_, manager) => {
      await manager.query('SELECT 1');
    }),
  );
  const outcomes = (await Promise.allSettled(both)).map(({ status }) => status);
  expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
  expect([await listed('valid'), (await listed('used')).length]).toEqual([[], 2]);

  const counts = { used: 2, revoked: 1, expired: 0 };
  expect(await tickets.clean({ before: new Date(Date.now() + 1000), batchSize: 1 })).toMatchObject(counts);
  expect(await tickets.list({})).toEqual([]);
}
