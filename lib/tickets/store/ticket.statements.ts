import type { DataSource } from 'typeorm';
import { RowLock } from '../../database/dialect.js';
import { Statement, type StatementTraits } from '../../database/statement.js';
import { type StatementColumn, ticketConditions } from './ticket.conditions.js';
import { mappingOf } from './ticket.mapping.js';
import { wholeRow } from './ticket.row.js';

/** What to set, as SQL: a parameter (`:now`), `NULL`, or an expression. */
type Changes = Partial<Record<StatementColumn, string>>;

/**
 * Every statement on one existing ticket, made once for a data source. A conditional one checks in its WHERE all that it
 * depends on, because anything read before is out of date. It is won when it affected exactly one row.
 * `:again` is 1 when an earlier try may have run, its answer lost, and 0 otherwise.
 */
export function ticketStatements(dataSource: DataSource) {
  const {
    column,
    same,
    exactly,
    none,
    some,
    sameUntaken,
    hasStatus,
    revocable,
    unclaimed,
    guessable,
    unlocked,
  } = ticketConditions(dataSource);

  const { entity } = mappingOf(dataSource);
  const update =
    (traits: StatementTraits = {}) =>
    <P extends string>(parameters: readonly P[], changes: Changes, ...conditions: string[]) => {
      const values = Object.entries(changes).map(([name, sql]) => [name, () => sql]);
      const builder = dataSource.createQueryBuilder().update(entity).set(Object.fromEntries(values));
      return new Statement(dataSource, builder.where(conditions.join(' AND ')), parameters, traits);
    };

  const known = ['uuid', 'place', 'purpose', 'generation'] as const;
  const asKnown = [sameUntaken(), exactly('place'), exactly('purpose'), same('generation')];
  const oneOwn = [same('uuid'), same('claimId')];

  return {
    /** One row, internals included, columns under their own names. */
    load: new Statement(dataSource, wholeRow(dataSource).where(same('uuid')), ['uuid']),

    /** The same; fails while a transaction holds the row. */
    loadSettled: new Statement(
      dataSource,
      new RowLock(dataSource).settled(wholeRow(dataSource).where(same('uuid'))),
      ['uuid'],
    ),

    /** Claims a ticket that is as the claimant knows it, valid, and held by no other claim. */
    claim: update()(
      [...known, 'claimId', 'now', 'abandoned', 'again'],
      { claimId: ':claimId', claimedAt: ':now' },
      ...asKnown,
      hasStatus('valid'),
      `(${unclaimed()} OR (${same('claimId')} AND :again = 1))`,
    ),

    /** Marks the ticket of a claim used. The claim's id stays, to show which claim has stamped it. */
    stamp: update({ idempotent: true })(
      ['uuid', 'claimId', 'now', 'again'],
      { usedAt: ':now' },
      ...oneOwn,
      `(${none('usedAt')} OR :again = 1)`,
    ),

    /** Claim and stamp in one, for the transaction that the work shares. */
    stampUnclaimed: update()(
      [...known, 'claimId', 'now', 'abandoned'],
      { claimId: ':claimId', claimedAt: ':now', usedAt: ':now' },
      ...asKnown,
      hasStatus('valid'),
      unclaimed(),
    ),

    /** Releases the ticket of a claim. */
    release: update({ idempotent: true })(
      ['uuid', 'claimId'],
      { claimId: 'NULL', claimedAt: 'NULL' },
      ...oneOwn,
      none('usedAt'),
    ),

    /** Releases a ticket, whichever claim holds it. */
    reopen: update()(
      ['uuid'],
      { claimId: 'NULL', claimedAt: 'NULL' },
      same('uuid'),
      some('claimId'),
      none('usedAt'),
    ),

    /** Revokes a ticket that is neither used nor revoked, claimed or not. */
    revoke: update({ idempotent: true })(
      ['uuid', 'now', 'again'],
      { revokedAt: ':now' },
      same('uuid'),
      revocable(),
    ),

    /** Gives another secret to a ticket that still has the known one. */
    reissue: update()(
      ['uuid', 'generation', 'verifier', 'expiresAt', 'abandoned', 'most'],
      {
        generation: `${column('generation')} + 1`,
        verifier: ':verifier',
        expiresAt: ':expiresAt',
        // Otherwise a claim that was wrongly taken for abandoned could still stamp it.
        claimId: 'NULL',
        claimedAt: 'NULL',
      },
      same('uuid'),
      same('generation'),
      none('usedAt'),
      none('revokedAt'),
      unclaimed(),
      unlocked(),
    ),

    /** Counts a guess, before it is checked; lost when none is allowed, the row is taken, or another one was counted. */
    reserveGuess: update()(
      ['uuid', 'known', 'most'],
      { attempts: `${column('attempts')} + 1` },
      sameUntaken(),
      `${column('attempts')} = :known`,
      `${column('attempts')} < :most`,
      // Nobody guesses a generated secret: counting would be a write for nothing.
      guessable(),
    ),

    /** Takes a guess off the count that was right, or never checked; lost when the row is taken. */
    returnGuess: update()(
      ['uuid'],
      { attempts: `${column('attempts')} - 1` },
      sameUntaken(),
      `${column('attempts')} > 0`,
    ),
  };
}

export type TicketStatements = ReturnType<typeof ticketStatements>;
