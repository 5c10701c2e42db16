import type { DataSource } from 'typeorm';
import { RowLock } from '../../database/dialect.js';
import { Statement, type StatementTraits } from '../../database/statement.js';
import { Ticket } from '../ticket.entity.js';
import { type StatementColumn, ticketConditions } from './ticket.conditions.js';
import { wholeRow } from './ticket.row.js';

/** What to set, as SQL: a parameter (`:now`), `NULL`, or an expression. */
type Changes = Partial<Record<StatementColumn, string>>;

/**
 * Every statement on one existing ticket, made once for a data source. The conditional ones re-check in their WHERE
 * all that they depend on, and are won when exactly one row was affected: who reads first and writes later loses
 * races. `:again` is 1 when an earlier try may have been run already, its answer lost, and 0 otherwise.
 */
export function ticketStatements(dataSource: DataSource) {
  const { column, same, exactly, none, some, sameUntaken, hasStatus, unclaimed, guessable } =
    ticketConditions(dataSource);

  const update =
    (traits: StatementTraits = {}) =>
    <P extends string>(parameters: readonly P[], changes: Changes, ...conditions: string[]) => {
      const values = Object.entries(changes).map(([name, sql]) => [name, () => sql]);
      const builder = dataSource.createQueryBuilder().update(Ticket).set(Object.fromEntries(values));
      return new Statement(dataSource, builder.where(conditions.join(' AND ')), parameters, traits);
    };

  const known = ['uuid', 'place', 'purpose', 'generation'] as const;
  const asKnown = [sameUntaken(), exactly('place'), exactly('purpose'), same('generation')];
  const oneOwn = [same('uuid'), same('claimId')];

  return {
    /** One row, internals included, columns under their own names. */
    load: new Statement(dataSource, wholeRow(dataSource).where(same('uuid')), ['uuid']),

    /** The same, once no transaction holds it; fails rather than wait for that. */
    loadSettled: new Statement(
      dataSource,
      new RowLock(dataSource).settled(wholeRow(dataSource).where(same('uuid'))),
      ['uuid'],
    ),

    /** Takes a ticket that is as the claimant knows it, valid, and held by nobody else. */
    claim: update()(
      [...known, 'claimId', 'now', 'abandoned', 'again'],
      { claimId: ':claimId', claimedAt: ':now' },
      ...asKnown,
      hasStatus('valid'),
      `(${unclaimed()} OR (${same('claimId')} AND :again = 1))`,
    ),

    /** Marks one's own claimed ticket used. The claim's id stays, to show whose stamp it was. */
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

    /** Gives one's own claimed ticket back. */
    release: update({ idempotent: true })(
      ['uuid', 'claimId'],
      { claimId: 'NULL', claimedAt: 'NULL' },
      ...oneOwn,
      none('usedAt'),
    ),

    /** Gives a ticket back whoever has claimed it. */
    reopen: update()(
      ['uuid'],
      { claimId: 'NULL', claimedAt: 'NULL' },
      same('uuid'),
      some('claimId'),
      none('usedAt'),
    ),

    /** Withdraws a ticket that is not over, claimed or not. */
    revoke: update({ idempotent: true })(
      ['uuid', 'now', 'again'],
      { revokedAt: ':now' },
      same('uuid'),
      none('usedAt'),
      `(${none('revokedAt')} OR (${column('revokedAt')} = :now AND :again = 1))`,
    ),

    /** Gives a ticket, as it is known, another secret. */
    reissue: update()(
      ['uuid', 'generation', 'verifier', 'expiresAt', 'abandoned'],
      {
        generation: `${column('generation')} + 1`,
        verifier: ':verifier',
        expiresAt: ':expiresAt',
        // Else a claim that was only taken for abandoned could still stamp it.
        claimId: 'NULL',
        claimedAt: 'NULL',
      },
      same('uuid'),
      same('generation'),
      none('usedAt'),
      none('revokedAt'),
      unclaimed(),
    ),

    /** Counts a guess at what a human remembers before it is checked; lost when the ticket is locked, its row taken, or
     *  another guess was counted meanwhile. */
    reserveGuess: update()(
      ['uuid', 'known', 'most'],
      { attempts: `${column('attempts')} + 1` },
      sameUntaken(),
      `${column('attempts')} = :known`,
      `${column('attempts')} < :most`,
      // Nobody guesses a generated secret: to count that would be a write for nothing.
      guessable(),
    ),

    /** Gives the count of a guess back that was right, or was never checked; lost when its row is taken. */
    returnGuess: update()(
      ['uuid'],
      { attempts: `${column('attempts')} - 1` },
      sameUntaken(),
      `${column('attempts')} > 0`,
    ),
  };
}

export type TicketStatements = ReturnType<typeof ticketStatements>;
