import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { isMySql, isPostgres } from '../../database/dialect.js';
import { isText } from '../input/own-column.rule.js';
import type { Selection } from './revocation.statements.js';
import { mappingOf } from './ticket.mapping.js';

/** The conditions for the tickets of a filter that names columns of the app's own entity; none where it names none. */
export function ownSelection(filter: object, dataSource: DataSource): Selection {
  const { own } = mappingOf(dataSource);
  const wanted = own.filter(({ propertyName }) => filter[propertyName as keyof object] !== undefined);
  const conditions: string[] = [];
  const parameters: Record<string, string | number> = {};
  for (const [index, column] of wanted.entries()) {
    const value = filter[column.propertyName as keyof object] as unknown;
    const stored: unknown = dataSource.driver.preparePersistentValue(value, column);
    // A name of our own: the property's may be any.
    const parameter = `own_${index}`;
    conditions.push(conditionOf(column, stored, parameter, dataSource));
    // Whatever the driver takes.
    parameters[parameter] = stored as string;
  }
  return { conditions, parameters };
}

function conditionOf(
  column: ColumnMetadata,
  stored: unknown,
  parameter: string,
  dataSource: DataSource,
): string {
  const name = dataSource.driver.escape(column.databaseName);
  if (stored === null || stored === undefined) return `${name} IS NULL`;
  const same = `${name} = ${asKept(column, `:${parameter}`, dataSource)}`;
  // MariaDB and MySQL ignore spaces at the end of a text.
  return isMySql(dataSource) && isText(column)
    ? `${same} AND CHAR_LENGTH(${name}) = CHAR_LENGTH(:${parameter})`
    : same;
}

/** A time with as many decimals of its seconds as the column keeps: rounded or cut, as the database does it. */
function asKept(column: ColumnMetadata, value: string, dataSource: DataSource): string {
  const type = dataSource.driver.normalizeType(column);
  const [kind] = /^(datetime|timestamp|time)\b/.exec(type) ?? [];
  if (kind === undefined) return value;
  const precision = column.precision ?? undefined;
  if (isMySql(dataSource))
    return `CAST(${value} AS ${kind === 'time' ? 'TIME' : 'DATETIME'}(${precision ?? 0}))`;
  const isCut = isPostgres(dataSource) && precision !== undefined;
  return isCut ? `CAST(${value} AS ${type.replace(kind, `${kind}(${precision})`)})` : value;
}
