/** When something was the case, on a clock that counts what happens: from the first inclusive to the last exclusive. */
export interface Span {
  readonly from: number;
  until: number;
}

/** One call of one party: what was asked and answered, and when. */
export interface Call extends Span {
  readonly party: string;
  readonly name: string;
  /** The instant at which it was called and answered, by the office's clock, in ms. */
  readonly at: number;
  answeredAt: number;
  /** Which of the ticket's secrets the party was admitted with. */
  readonly generation: number;
  /** A result, or the code of an error. */
  answer: unknown;
  /** The random ids of claims that it has sent to the database. */
  readonly claimIds: Set<string>;
  /** While it was sure to hold the ticket: after the grant, before the end of the work or the release. */
  hold?: Span;
  /** The call that had taken the claim which this one ends. */
  readonly taking?: Call;
}

/** Everything that happened to one ticket. */
export interface History {
  readonly calls: Call[];
  readonly expiresAt: number;
  readonly abandonedAfter: number | null;
  /** What `usedAt` was whenever somebody looked, in ms; the last one is how it is in the end. */
  readonly usedAt: (number | null)[];
  /** Of the row in the end. */
  claimId: string | null;
  /** Names of the calls whose deeds were written; see {@link doerOf}. */
  deeds: string[];
}

/** Tells a call from all others in this history. */
export const doerOf = ({ party, name, from }: Call): string => `${party}, ${name} at ${from}`;
