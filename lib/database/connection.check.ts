import type { DataSource, QueryRunner } from 'typeorm';
import { isMySql, isPostgres, isSqlite } from './dialect.js';
import { driverErrorOf } from './driver.error.js';
import { dataSourceOf } from './typeorm.internals.js';

// What an app sets on its connection for its own tables can take something from the office: a letter, a number, a NULL,
// the right to write. Both checks return what to write instead; nothing where all is well.

/** A letter beyond the first plane of Unicode, an emoji, and a backslash; quotes would do harm where it is not escaped. */
const TEXT = 'Léonard 𝔏 🖼 \\';
/** Within PostgreSQL's `integer`. */
const COUNT = 2 ** 31 - 1;
const INSTANT = Number.MAX_SAFE_INTEGER;

/**
 * What the options of the app's data source take from the office, before it opens connections of its own.
 *
 * @param app the app's data source
 */
export async function optionsProblem(app: DataSource): Promise<string | undefined> {
  const { options } = app as { options: AnyOptions };
  if (isMySql(app) && [options.flags, options.extra?.flags].some(hidesFoundRows)) {
    return "the flag '-FOUND_ROWS' hides rows that an UPDATE has found and left as they were: take it out of flags";
  }
  if (options.type !== 'better-sqlite3') return undefined;
  if (options.readonly) return `${READ_ONLY}: take readonly: true out of its options`;
  const [{ locking_mode: mode }] = (await app.query('PRAGMA locking_mode')) as [{ locking_mode: string }];
  return mode === 'exclusive' && options.database !== ':memory:'
    ? 'PRAGMA locking_mode = EXCLUSIVE shuts all other connections out, and the office has two of its own: take it out of prepareDatabase'
    : undefined;
}

/** What the settings of a connection take from the office, by one statement, which reads no table. */
export async function connectionProblem(queryRunner: QueryRunner): Promise<string | undefined> {
  const dialect = dialectOf(dataSourceOf(queryRunner));
  let row: Partial<RoundTrip>;
  try {
    [row] = (await queryRunner.query(dialect.sql, PARAMETERS)) as [Partial<RoundTrip>];
  } catch (error) {
    if (driverErrorOf(error).code === NO_EQUIVALENT) return `it cannot hold every letter: ${dialect.text}`;
    throw error;
  }
  return problemOf(row, dialect);
}

function problemOf(row: Partial<RoundTrip>, { text, types, readOnly }: Dialect): string | undefined {
  const numbers = [row.count, row.instant, row.length];
  if (!isNumber(row.count, COUNT) || !isNumber(row.instant, INSTANT) || !numbers.every(isAnyNumber))
    return `it hands numbers over as something else: ${types}`;
  if (!isNumber(row.length, Array.from(TEXT).length)) return `it does not take text as it is: ${text}`;
  if (row.name !== TEXT || row.text !== TEXT) return `it hands text over as other text: ${types}; or ${text}`;
  if (![row.noCount, row.noInstant, row.noText].every((none) => none === null))
    return `it hands NULL over as something else: ${types}`;
  if (row.empty !== '') return "it takes '' for NULL: take EMPTY_STRING_IS_NULL out of sql_mode";
  if (!isNumber(row.autocommit ?? 1, 1)) return AUTOCOMMIT;
  return isNumber(row.readOnly ?? 0, 0) ? undefined : `${READ_ONLY}: ${readOnly}`;
}

const AUTOCOMMIT =
  'autocommit is off, so that no claim would ever be committed: take it out of where it is set, init_connect for example';
const READ_ONLY = 'the data source can only read';

/** PostgreSQL's `untranslatable_character` (its documentation, appendix A): the encoding of its database lacks it. */
const NO_EQUIVALENT = '22P05';

interface AnyOptions {
  readonly type: string;
  readonly database?: unknown;
  readonly readonly?: boolean;
  readonly flags?: unknown;
  readonly extra?: { readonly flags?: unknown };
}

/** Flags are a list, or text with commas. */
const hidesFoundRows = (flags: unknown): boolean => /(^|,)\s*-FOUND_ROWS\s*(,|$)/i.test(String(flags));

/** What comes back; in columns of the types that the table of tickets has, as far as an expression can. */
interface RoundTrip {
  readonly name: unknown;
  readonly text: unknown;
  /** The letters of the text, as the server counts them. */
  readonly length: unknown;
  readonly count: unknown;
  readonly instant: unknown;
  readonly noCount: unknown;
  readonly noInstant: unknown;
  readonly noText: unknown;
  readonly empty: unknown;
  readonly autocommit: unknown;
  readonly readOnly: unknown;
}

/** Some drivers and settings hand over numbers as text, or as bigint, which the office reads. */
const isAnyNumber = (value: unknown): boolean =>
  ['number', 'bigint', 'string'].includes(typeof value) && Number.isInteger(Number(value));

const isNumber = (value: unknown, expected: number): boolean =>
  isAnyNumber(value) && String(value) === String(expected);

/** In the order of the columns `name` to `empty`. */
const PARAMETERS = [TEXT, TEXT, TEXT, COUNT, INSTANT, ''];

interface Dialect {
  readonly sql: string;
  // What to write, when the connection changes text, or values of some types, or does not write.
  readonly text: string;
  readonly types: string;
  readonly readOnly: string;
}

function dialectOf(dataSource: DataSource): Dialect {
  if (isPostgres(dataSource)) return POSTGRES;
  return isSqlite(dataSource) ? SQLITE : MYSQL;
}

/** A server that follows another one can only read, too, but for a while. */
const POSTGRES: Dialect = {
  sql:
    'SELECT CAST($1 AS varchar) AS "name", CAST($2 AS text) AS "text", CHAR_LENGTH(CAST($3 AS text)) AS "length", ' +
    'CAST($4 AS integer) AS "count", CAST($5 AS bigint) AS "instant", CAST($6 AS varchar) AS "empty", ' +
    'CAST(NULL AS integer) AS "noCount", CAST(NULL AS bigint) AS "noInstant", CAST(NULL AS varchar) AS "noText", ' +
    "CASE WHEN current_setting('transaction_read_only') = 'on' AND NOT pg_is_in_recovery() THEN 1 ELSE 0 END AS \"readOnly\"",
  text: "create the database with ENCODING 'UTF8' (and TEMPLATE template0), and leave client_encoding as it is",
  types:
    'leave varchar, text, integer and bigint to the driver, where it has types (extra.types, pg.types.setTypeParser) or binary: true',
  readOnly: 'take default_transaction_read_only from its options, its role and its database',
};

/**
 * MariaDB has `tx_read_only` for MySQL's `transaction_read_only`; each executes the comments that are for it
 * (https://mariadb.com/kb/en/comment-syntax/). In MariaDB a length has the type of a count, and a literal that of an instant.
 */
const MYSQL: Dialect = {
  sql:
    'SELECT ? AS `name`, CAST(? AS CHAR(70000)) AS `text`, CHAR_LENGTH(?) AS `length`, ? AS `count`, ? AS `instant`, ? AS `empty`, ' +
    "CAST(NULL AS SIGNED) AS `noCount`, NULLIF(9007199254740991, 9007199254740991) AS `noInstant`, NULLIF('a', 'a') AS `noText`, " +
    '@@autocommit AS `autocommit`, /*M! @@tx_read_only */ /*!50720 @@transaction_read_only */ AS `readOnly`',
  text: "write charset: 'utf8mb4', and take NO_BACKSLASH_ESCAPES out of sql_mode, where the driver's quotes are open to SQL injection",
  types: 'leave VAR_STRING, BLOB, LONG and LONGLONG, NULL among them, to next() in typeCast',
  readOnly: 'take READ ONLY out of where it is set, init_connect for example',
};

const SQLITE: Dialect = {
  sql:
    'SELECT ? AS "name", ? AS "text", length(?) AS "length", CAST(? AS integer) AS "count", CAST(? AS integer) AS "instant", ? AS "empty", ' +
    'NULL AS "noCount", NULL AS "noInstant", NULL AS "noText", (SELECT query_only FROM pragma_query_only) AS "readOnly"',
  text: 'leave text to the driver',
  types: 'leave values to the driver',
  readOnly: 'take PRAGMA query_only out of prepareDatabase',
};
