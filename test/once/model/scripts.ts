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

/** Was admitted already, as were all. */
const guest = fc.oneof(
  acts(3, 'stamp', 'stamp', 'release', 'crash', 'claim').map((rest): Script => ['claim', ...rest]),
  acts(4, 'claim', 'claim', 'stamp', 'stamp', 'release', 'crash', 'authenticate', 'redeem'),
  acts(2, 'redeem', 'redeem and fail', 'authenticate'),
);

const staff = acts(
  3,
  'reopen',
  'reopen',
  'revoke',
  'reissue',
  'wait until claims are abandoned',
  'wait until it expires',
);

/** Parties that act at the same time on one ticket. */
export const anyScripts: fc.Arbitrary<Script[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: guest }, { weight: 1, arbitrary: staff }),
  { minLength: 2, maxLength: 4, size: 'max' },
);
