import { afterEach, describe, expect, it, vi } from 'vitest';
import { allGoOn, oneLineForAll, refusedTooLate, withoutBound, withoutEndOfLine } from './doubles.js';
import { hashes } from '../support/held.argon2.js';
import { besiege } from './siege.js';

vi.mock('argon2', async (importOriginal) => {
  const { heldArgon2 } = await import('../support/held.argon2.js');
  return heldArgon2(await importOriginal());
});

afterEach(() => hashes.letGo());

describe('The check of crowds catches', () => {
  it.each([
    ['no bound', withoutBound, /^hashes that ran: 40, not 2/],
    ['a line without an end', withoutEndOfLine, /^sent away: 0, not 33/],
    ['a line that lets all go on at once', allGoOn, /^hashes that ran at once at most: /],
    ['one line for all secrets', oneLineForAll, /^answers beside them: .*(waits|busy)/],
    ['a refusal that comes too late', refusedTooLate, /^hashes that ran: 40, not 2/],
  ])('[G-3] %s', async (_, double, fault) => {
    expect(await besiege(double(), 40)).toContainEqual(expect.stringMatching(fault));
  });
});
