import { expect, it } from 'vitest';
import type { Call, History } from './history.js';
import { invariants } from './invariants.js';

type Name = keyof typeof invariants;

/** A call of a history that is made up: it takes from one instant to the next. */
const call = (from: number, name: string, facts: Partial<Call> = {}): Call => ({
  party: 'party',
  name,
  from,
  until: from + 1,
  at: from,
  answeredAt: from + 1,
  generation: 1,
  answer: undefined,
  claimIds: new Set(),
  ...facts,
});

const history = (calls: Call[], facts: Partial<History> = {}): History => ({
  calls,
  expiresAt: 100,
  abandonedAfter: 50,
  usedAt: [null],
  claimId: null,
  deeds: [],
  ...facts,
});

const hold = { from: 1, until: Infinity };
const taking = call(1, 'claim', { hold, claimIds: new Set(['mine']) });
const stamp = call(5, 'stamp', { taking });

it.each<[Name, string, History]>([
  ['onceAtMost', 'two stamps', history([stamp, call(7, 'stamp')])],
  ['onceAtMost', 'a stamp and a redemption', history([stamp, call(7, 'redeem')])],
  ['usedForGood', 'another instant', history([], { usedAt: [null, 1, 2] })],
  ['usedForGood', 'none in the end', history([], { usedAt: [1, null] })],
  ['stampIsTheWinners', 'a success without a stamp', history([stamp])],
  ['stampIsTheWinners', 'a stamp without a success', history([], { usedAt: [1], claimId: 'mine' })],
  ['stampIsTheWinners', 'the stamp of another', history([taking, stamp], { usedAt: [1], claimId: 'other' })],
  ['nothingBeginsAfterTheEnd', 'a stamp', history([stamp, call(7, 'claim', { hold })])],
  [
    'nothingBeginsAfterTheEnd',
    'a revocation',
    history([call(1, 'revoke', { answer: true }), call(3, 'redeem', { hold })]),
  ],
  ['nothingBeginsAfterTheExpiry', 'a claim at it', history([call(100, 'claim', { hold })])],
  ['nothingBeginsWithAnOldSecret', 'a claim', history([call(1, 'reissue'), call(3, 'claim', { hold })])],
  ['oneHolderAtATime', 'two claims', history([taking, call(3, 'claim', { hold: { from: 4, until: 5 } })])],
  ['lostIsLost', 'a release', history([taking, call(3, 'release', { taking }), stamp])],
  ['lostIsLost', 'a reopening', history([taking, call(3, 'reopen', { answer: true }), stamp])],
  ['lostIsLost', 'a reissue', history([taking, call(3, 'reissue'), stamp])],
  ['lostIsLost', "another's claim", history([taking, call(3, 'claim', { hold }), stamp])],
  ['deedsAsSuccesses', 'a deed that is missing', history([call(1, 'redeem')])],
  [
    'deedsAsSuccesses',
    'a deed of a failure',
    history([call(1, 'redeem', { answer: 'TICKET_BUSY' })], { deeds: ['party, redeem at 1'] }),
  ],
  [
    'answersAreForeseen',
    'an error of a database',
    history([call(1, 'stamp', { answer: 'QueryFailedError: dead-lock' })]),
  ],
])('%s finds fault with %s', (name, _, made) => {
  expect(invariants[name](made)).toHaveLength(1);
});

it.each<[Name, string, History]>([
  [
    'oneHolderAtATime',
    'a claim that was released',
    history([
      call(1, 'claim', { hold: { from: 2, until: 3 } }),
      call(4, 'claim', { hold: { from: 5, until: 6 } }),
    ]),
  ],
  [
    'oneHolderAtATime',
    'a claim that was reopened',
    history([taking, call(2, 'reopen', { answer: true }), call(3, 'claim', { hold: { from: 4, until: 5 } })]),
  ],
  [
    'oneHolderAtATime',
    'a claim that was abandoned',
    history([taking, call(60, 'claim', { hold: { from: 61, until: 62 } })]),
  ],
  [
    'oneHolderAtATime',
    'a claim that was abandoned before its holder heard of it',
    history([
      call(1, 'claim', { hold: { from: 65, until: Infinity }, answeredAt: 61 }),
      call(60, 'redeem', { hold: { from: 61, until: 66 } }),
    ]),
  ],
  [
    'nothingBeginsAfterTheEnd',
    'a claim at the same time',
    history([call(1, 'claim', { hold }), call(1, 'revoke', { answer: true })]),
  ],
  [
    'lostIsLost',
    'a reopening before the claim',
    history([call(-5, 'reopen', { answer: true }), taking, stamp]),
  ],
])('%s finds none with %s', (name, _, made) => {
  expect(invariants[name](made)).toEqual([]);
});
