import type { DataSource, QueryRunner } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { dataSourceOf } from '../../database/typeorm.internals.js';
import { transformed } from '../input/own-column.rule.js';
import { Ticket } from '../ticket.entity.js';
import { mappingOf, type TicketEntity } from './ticket.mapping.js';

/** What a row has of the app's own entity. */
export interface OwnPart {
  /** Its ticket is an instance of this class. */
  readonly entity: TicketEntity;
  /** The values of its own columns, by their properties. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The columns of its own that a ticket has: none that the app has written `select: false` on. */
export const shownColumns = (dataSource: DataSource): ColumnMetadata[] =>
  mappingOf(dataSource).own.filter(({ isSelect }) => isSelect);

/**
 * What a record has of the app's own entity; `undefined` where that is the library's.
 *
 * @param unreadable gets the names of columns whose transformer, or whose type, refuses what the database has; the error
 * may quote that, and is lost
 */
export function readOwn(
  record: Record<string, unknown>,
  dataSource: DataSource,
  unreadable: string[],
): OwnPart | undefined {
  const { entity } = mappingOf(dataSource);
  if (entity === Ticket) return undefined;
  const values: Record<string, unknown> = {};
  for (const column of shownColumns(dataSource)) {
    try {
      values[column.propertyName] = dataSource.driver.prepareHydratedValue(
        record[column.databaseName],
        column,
      );
    } catch {
      values[column.propertyName] = null;
      unreadable.push(column.propertyName);
    }
  }
  return { entity, values };
}

/** Rows that this connection has just written: with what the database has made of their own columns. */
export async function asWritten<R extends { readonly uuid: string; readonly own?: OwnPart | undefined }>(
  rows: readonly R[],
  runner: QueryRunner,
): Promise<readonly R[]> {
  const dataSource = dataSourceOf(runner);
  if (shownColumns(dataSource).length === 0) return rows;
  const records = await ownRecords(rows, runner);
  return rows.map((row) => {
    const unreadable: string[] = [];
    const own = readOwn(records.get(row.uuid) ?? {}, dataSource, unreadable);
    return unreadable.length === 0 ? { ...row, own } : { ...row, own, unreadable };
  });
}

async function ownRecords(
  rows: readonly { readonly uuid: string }[],
  runner: QueryRunner,
): Promise<Map<unknown, Record<string, unknown>>> {
  const dataSource = dataSourceOf(runner);
  const query = dataSource.createQueryBuilder(runner);
  const names = ['uuid', ...shownColumns(dataSource).map(({ databaseName }) => databaseName)];
  const records = await query
    .select(names.map((name) => query.escape(name)))
    .from(mappingOf(dataSource).entity, 'ticket')
    .cache(false)
    .where(`${query.escape('uuid')} IN (:...uuids)`, { uuids: rows.map(({ uuid }) => uuid) })
    .getRawMany<Record<string, unknown>>();
  return new Map(records.map((record) => [record.uuid, record]));
}

/**
 * The columns of the app's own that each of these new rows has a value for, and no other row has more; `undefined` where
 * rows differ, or where TypeORM writes more into a statement than one parameter for each of them.
 */
export function commonColumns(
  rows: readonly { readonly own?: OwnPart | undefined }[],
  dataSource: DataSource,
): readonly ColumnMetadata[] | undefined {
  const { own } = mappingOf(dataSource);
  if (own.length === 0) return [];
  const namesOf = (row: (typeof rows)[number]) => Object.keys(row.own?.values ?? {}).join();
  const [first] = rows;
  const names = Object.keys(first?.own?.values ?? {});
  if (!rows.every((row) => namesOf(row) === names.join())) return undefined;
  const isGiven = ({ propertyName }: ColumnMetadata) => names.includes(propertyName);
  const isPlain = (column: ColumnMetadata) =>
    isGiven(column) ? isParameter(column, dataSource) : isDefault(column);
  return own.every(isPlain) ? own.filter(isGiven) : undefined;
}

/** Whether TypeORM writes a value of the column without a function around it, on every database. */
const isParameter = ({ type }: ColumnMetadata, { driver }: DataSource): boolean =>
  !driver.spatialTypes.includes(type) && type !== 'json' && type !== 'jsonb';

/** Whether TypeORM writes the same for each row that has no value for the column. */
const isDefault = (column: ColumnMetadata): boolean =>
  !column.isGenerated && transformed(undefined, column) === undefined;

/** How long the texts in it are, in UTF-16 code units. */
export const ownLength = (own: OwnPart | undefined): number =>
  own ? Object.values(own.values).reduce<number>((sum, value) => sum + lengthOf(value), 0) : 0;

const lengthOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length;
  // A copy of plain JSON, which has been checked; what a transformer takes is the app's.
  const isJson =
    Object(value) === value && [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));
  return isJson
    ? (JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? 0 : one))?.length ?? 0)
    : 0;
};
