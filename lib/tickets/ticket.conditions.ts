import type { DataSource } from 'typeorm';

/** The columns that statements name; the entity spells them out, so that these are their names on every database. */
export type StatementColumn =
  | 'uuid'
  | 'place'
  | 'purpose'
  | 'generation'
  | 'attempts'
  | 'claimId'
  | 'claimedAt'
  | 'expiresAt'
  | 'usedAt'
  | 'revokedAt';

/** The conditions of which statements are made, as SQL for a query builder: `:name` is a parameter. */
export interface TicketConditions {
  readonly column: (name: StatementColumn) => string;
  readonly same: (name: StatementColumn) => string;
  /** The same text byte for byte, on every database. */
  readonly exactly: (name: StatementColumn) => string;
  readonly none: (name: StatementColumn) => string;
}

export function ticketConditions(dataSource: DataSource): TicketConditions {
  const builder = dataSource.createQueryBuilder();
  const isMySql = ['mysql', 'mariadb'].includes(dataSource.options.type);
  const column = (name: StatementColumn): string => builder.escape(name);
  const same = (name: StatementColumn): string => `${column(name)} = :${name}`;
  return {
    column,
    same,
    // The collations that MySQL and MariaDB share ignore trailing spaces: 'louvre ' would be 'louvre'.
    exactly: (name) =>
      isMySql ? `${same(name)} AND CHAR_LENGTH(${column(name)}) = CHAR_LENGTH(:${name})` : same(name),
    none: (name) => `${column(name)} IS NULL`,
  };
}
