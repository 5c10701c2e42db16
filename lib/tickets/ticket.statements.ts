import type { DataSource } from 'typeorm';
import { Statement } from './statement.js';
import { type StatementColumn, ticketConditions } from './ticket.conditions.js';
import { Ticket } from './ticket.entity.js';

/** What to set, as SQL: a parameter (`:now`), `NULL`, or an expression. */
type Changes = Partial<Record<StatementColumn, string>>;

/**
 * Every statement on existing tickets, made once for a data source. The conditional ones re-check in their WHERE all
 * that they depend on, and are won when exactly one row was affected: who reads first and writes later loses races.
 */
export function ticketStatements(dataSource: DataSource) {
  const { column, same, exactly, none } = ticketConditions(dataSource);

  const update = <P extends string>(parameters: readonly P[], changes: Changes, ...conditions: string[]) => {
    const values = Object.entries(changes).map(([name, sql]) => [name, () => sql]);
    const builder = dataSource.createQueryBuilder().update(Ticket).set(Object.fromEntries(values));
    return new Statement(dataSource, builder.where(conditions.join(' AND ')), parameters);
  };

  return {
    /** One row, internals included, columns under their own names. */
    load: new Statement(dataSource, wholeRow(dataSource).where(same('uuid')), ['uuid']),

    /** Takes a ticket that is as the claimant knows it, free, and valid now. */
    claim: update(
      ['uuid', 'place', 'purpose', 'generation', 'claimId', 'now'],
      { claimId: ':claimId', claimedAt: ':now' },
      same('uuid'),
      exactly('place'),
      exactly('purpose'),
      same('generation'),
      none('claimId'),
      none('usedAt'),
      none('revokedAt'),
      `(${none('expiresAt')} OR ${column('expiresAt')} > :now)`,
    ),

    /** Marks one's own claimed ticket used. The claim's id stays, to show whose stamp it was. */
    stamp: update(
      ['uuid', 'claimId', 'now'],
      { usedAt: ':now' },
      same('uuid'),
      same('claimId'),
      none('usedAt'),
    ),

    /** Gives one's own claimed ticket back. */
    release: update(
      ['uuid', 'claimId'],
      { claimId: 'NULL', claimedAt: 'NULL' },
      same('uuid'),
      same('claimId'),
      none('usedAt'),
    ),

    /** Withdraws a ticket that is not over, claimed or not. */
    revoke: update(['uuid', 'now'], { revokedAt: ':now' }, same('uuid'), none('usedAt'), none('revokedAt')),

    /** Counts a guess at a human's password before it is checked; lost when the ticket is locked. */
    reserveGuess: update(
      ['uuid', 'most'],
      { attempts: `${column('attempts')} + 1` },
      same('uuid'),
      `${column('attempts')} < :most`,
    ),

    /** Gives the count of a guess back that was right, or was never checked. */
    returnGuess: update(
      ['uuid'],
      { attempts: `${column('attempts')} - 1` },
      same('uuid'),
      `${column('attempts')} > 0`,
    ),
  };
}

export type TicketStatements = ReturnType<typeof ticketStatements>;

function wholeRow(dataSource: DataSource) {
  const builder = dataSource.createQueryBuilder();
  const columns = dataSource
    .getMetadata(Ticket)
    .columns.map(({ databaseName }) => builder.escape(databaseName));
  return builder.select(columns).from(Ticket, 'ticket');
}
