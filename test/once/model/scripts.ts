import fc from 'fast-check';

/** What a party does at its turn; what it cannot do (stamp, without a claim) it leaves out. */
export type Act =
  | 'authenticate'
  | 'claim'
  | 'stamp'
  | 'release'
  | 'crash'
  | 'redeem'
  | 'redeem and fail'
  | 'revoke'
  | 'reissue'
  | 'reopen'
  | 'wait until claims are abandoned'
  | 'wait until it expires';

/** What one party does, one after the other. */
export type Script = readonly Act[];

const acts = (most: number, ...choice: Act[]): fc.Arbitrary<Script> =>
  fc.array(fc.constantFrom(...choice), { minLength: 1, maxLength: most });

const CLAIM: Script = ['claim'];

const claimant = acts(3, 'stamp', 'stamp', 'release', 'release', 'crash', 'claim').map((then) =>
  CLAIM.concat(then),
);
const anybody = acts(4, 'claim', 'stamp', 'release', 'crash', 'authenticate', 'redeem');
const redeemer = acts(2, 'redeem', 'redeem and fail', 'authenticate');
const staff = acts(
  3,
  'reopen',
  'reopen',
  'revoke',
  'reissue',
  'wait until claims are abandoned',
  'wait until it expires',
);

/** Parties that act at the same time on one ticket, each of whom was admitted with it. */
export const anyScripts: fc.Arbitrary<Script[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: claimant },
    { weight: 1, arbitrary: anybody },
    { weight: 2, arbitrary: redeemer },
    { weight: 3, arbitrary: staff },
  ),
  { minLength: 1, maxLength: 4, size: 'max' },
);

/** For doubles whose claims no transaction of the library's may meet: SQLite would have them wait for each other. */
export const scriptsWithoutRedeem = anyScripts.map((scripts) =>
  scripts.map((script) => script.filter((act) => !act.startsWith('redeem'))),
);
