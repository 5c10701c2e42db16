import type { DataSource } from 'typeorm';
import { isMySql, isPostgres } from '../../database/dialect.js';

/** Where django-ticketoffice's migration keeps its tickets. */
export const DJANGO_TABLE = 'django_ticketoffice_ticket';

/** A row as text, so that no driver's reading of dates or JSON matters. */
export interface FormerRow {
  /** A whole number; text where its column is a `bigint`. */
  readonly id: number | string;
  readonly uuid: string;
  readonly place: string;
  readonly purpose: string;
  /** JSON. */
  readonly data: string | null;
  readonly created: string;
  readonly expiry: string | null;
  readonly usage: string | null;
}

/** The rows after an id, in the order of ids. The password's hash is not read. */
export async function formerRows(
  dataSource: DataSource,
  table: string,
  after: number | string,
  limit: number,
): Promise<FormerRow[]> {
  const runner = dataSource.createQueryRunner('master');
  try {
    const builder = dataSource.createQueryBuilder(runner);
    const column = (name: string) => `former.${builder.escape(name)}`;
    const columns = Object.entries(columnsOf(dataSource, column));
    return await builder
      .select(columns.map(([name, sql]) => `${sql} AS ${builder.escape(name)}`))
      .from(table, 'former')
      .where(`${column('id')} > :after`, { after })
      .orderBy(column('id'))
      .limit(limit)
      .getRawMany<FormerRow>();
  } finally {
    await runner.release();
  }
}

/** Django has a type for each of these on some databases, and text on the others. */
function columnsOf(dataSource: DataSource, column: (name: string) => string): Record<string, string> {
  const same = (name: string) => column(name);
  const [text, instant] = isPostgres(dataSource)
    ? [(name: string) => `${column(name)}::text`, inUtc(column)]
    : isMySql(dataSource)
      ? [(name: string) => `CAST(${column(name)} AS CHAR)`, (name: string) => `CAST(${column(name)} AS CHAR)`]
      : [same, same];
  return {
    id: same('id'),
    uuid: text('uuid'),
    place: same('place'),
    purpose: same('purpose'),
    data: text('data'),
    created: instant('creation_datetime'),
    expiry: instant('expiry_datetime'),
    usage: instant('usage_datetime'),
  };
}

const inUtc = (column: (name: string) => string) => (name: string) =>
  `to_char(${column(name)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;
