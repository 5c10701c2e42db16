import { Ticket, TicketOfficeConfigurationError } from 'nestjs-ticketoffice';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { describe, expect, inject, it } from 'vitest';
import { connectionProblem } from '../../lib/database/connection.check.js';
import { databaseUrl } from '../support/private-database.js';
import { execute } from '../support/database-servers.js';
import { eachDatabase, type TestDatabase } from '../support/databases.js';
import { startOffice } from '../support/office.js';
import { undoParseInt8 } from '../support/parse-int8.js';
import { StatementLog } from '../support/statement-log.js';
import { afterwards } from '../support/suite-scope.js';
import { workThrough } from './work.through.js';

type Type = TestDatabase['type'];
/** A field of mysql2's typeCast. */
interface Field {
  readonly type: string;
  string: () => string | null;
}
interface SqliteConnection {
  pragma: (sql: string) => unknown;
  defaultSafeIntegers: (toggle: boolean) => unknown;
}

const pragma = (...all: string[]) => ({
  prepareDatabase: (database: SqliteConnection) => all.forEach((sql) => database.pragma(sql)),
});
const options = (setting: string) => ({ extra: { options: `-c ${setting}` } });
/** pg's parsers, with another one for a type of this number. */
const parser = (type: number, parse: (text: string) => unknown) => ({
  extra: {
    types: {
      getTypeParser: (oid: number, format: 'text') =>
        oid === type ? parse : (pg.types.getTypeParser(oid, format) as unknown),
    },
  },
});
/** mysql2's typeCast, with another reading of one type. */
const cast = (type: string, read: (field: Field) => unknown) => ({
  extra: { typeCast: (field: Field, next: () => unknown) => (field.type === type ? read(field) : next()) },
});

/** Settings of a data source with which the office cannot work, and what it says. */
const REFUSED: Record<Type, Record<string, [settings: object, says: RegExp]>> = {
  'better-sqlite3': {
    'an exclusive lock': [
      pragma('locking_mode = EXCLUSIVE'),
      /locking_mode = EXCLUSIVE .* take it out of prepareDatabase/,
    ],
    'a file that is only read': [{ readonly: true, fileMustExist: false }, /take readonly: true out/],
    'queries only': [pragma('query_only = 1'), /take PRAGMA query_only out of prepareDatabase/],
  },
  postgres: {
    'instants as dates': [parser(20, (text) => new Date(text)), /numbers .*extra\.types/],
    'counts as objects': [parser(23, (text) => ({ text })), /numbers .*extra\.types/],
    'names in capitals': [parser(1043, (text) => text.toUpperCase()), /other text: .*extra\.types/],
    'text in capitals': [parser(25, (text) => text.toUpperCase()), /other text: .*extra\.types/],
    'values in binary': [{ extra: { binary: true } }, /numbers .* binary: true/],
    'transactions that only read': [
      options('default_transaction_read_only=on'),
      /take default_transaction_read_only from/,
    ],
  },
  mariadb: {
    'the character set latin1': [{ charset: 'latin1' }, /text .* write charset: 'utf8mb4'/],
    'the character set of ASCII': [{ charset: 'ASCII_GENERAL_CI' }, /text .* write charset: 'utf8mb4'/],
    // Its emoji are pairs of surrogates, which only a connection of the same kind reads.
    'the character set of three bytes': [{ charset: 'utf8' }, /text .* write charset: 'utf8mb4'/],
    'another count of updated rows': [{ flags: ['-FOUND_ROWS'] }, /-FOUND_ROWS.* out of flags/],
    'another count, among other flags': [
      { extra: { flags: 'LOCAL_FILES,-FOUND_ROWS' } },
      /-FOUND_ROWS.* out of flags/,
    ],
    'instants that are never NULL': [
      cast('LONGLONG', (field) => BigInt(field.string() ?? 0)),
      /NULL .* typeCast/,
    ],
    'counts as booleans': [cast('LONG', (field) => field.string() === '1'), /numbers .*typeCast/],
    'names in capitals': [
      cast('VAR_STRING', (field) => field.string()?.toUpperCase()),
      /other text: .* typeCast/,
    ],
  },
};

/** Those with which it works all the same. */
const HARMLESS: Record<Type, Record<string, object>> = {
  'better-sqlite3': {
    'bigint for all numbers': {
      prepareDatabase: (database: SqliteConnection) => database.defaultSafeIntegers(true),
    },
    'another journal': pragma('journal_mode = DELETE'),
    'no foreign keys': pragma('foreign_keys = OFF'),
    'other results': pragma('count_changes = 1', 'short_column_names = 0', 'full_column_names = 1'),
    'LIKE that tells cases apart': pragma('case_sensitive_like = 1'),
  },
  postgres: {
    'numbers for bigint': { parseInt8: true },
    'bigint for bigint': parser(20, BigInt),
    'time-outs': { extra: { statement_timeout: 5000, query_timeout: 5000, lock_timeout: 1000 } },
    'serializable transactions': options('default_transaction_isolation=serializable'),
    'another encoding of the client': { extra: { client_encoding: 'LATIN1' } },
    'backslashes in its strings': options('standard_conforming_strings=off'),
    'a comparison with NULL': options('transform_null_equals=on'),
  },
  mariadb: {
    'text for numbers': { bigNumberStrings: true, supportBigNumbers: true },
    'text for dates': { dateStrings: true },
    'named parameters': { extra: { namedPlaceholders: true } },
    'several statements at once': { multipleStatements: true },
  },
};

/** What is set on a session by `init_connect`, by the account, or by another user of the pool; and what is said. */
const SESSIONS: Record<Type, Record<string, RegExp | undefined>> = {
  'better-sqlite3': {},
  postgres: {
    "SET default_transaction_read_only = 'on'": /take default_transaction_read_only from/,
    "SET default_transaction_isolation = 'serializable'": undefined,
  },
  mariadb: {
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES'": /take NO_BACKSLASH_ESCAPES out of sql_mode/,
    "SET sql_mode = 'EMPTY_STRING_IS_NULL'": /take EMPTY_STRING_IS_NULL out of sql_mode/,
    'SET autocommit = 0': /autocommit is off/,
    'SET SESSION TRANSACTION READ ONLY': /only read: take READ ONLY out/,
    'SET NAMES latin1': /text .* charset: 'utf8mb4'/,
    "SET sql_mode = 'ANSI,PAD_CHAR_TO_FULL_LENGTH,ORACLE'": undefined,
    "SET sql_mode = ''": undefined,
    'SET max_statement_time = 5': undefined,
  },
};

eachDatabase('[F-22] The connection of an app', (database) => {
  describe.each(Object.entries(REFUSED[database.type]))('with %s', (_, [settings, says]) => {
    it('[F-22] is refused at boot, with what to write', async () => {
      const booting = startOffice(database, {}, { ...settings, synchronize: false });
      await expect(booting).rejects.toThrow(TicketOfficeConfigurationError);
      await expect(booting).rejects.toThrow(says);
    });
  });

  it.each(Object.entries(HARMLESS[database.type]))('[F-22] with %s loses nothing', async (_, settings) => {
    undoParseInt8();
    await workThrough(await startOffice(database, {}, { ...settings, dropSchema: true }));
  });

  for (const [sql, says] of Object.entries(SESSIONS[database.type])) {
    it(`[F-22] after ${sql} is ${says ? 'refused' : 'fine'}`, async () => {
      const dataSource = await database.connect({ poolSize: 1 });
      await dataSource.query(sql);
      const queryRunner = dataSource.createQueryRunner();
      afterwards(() => queryRunner.release());
      const problem = await connectionProblem(queryRunner);
      if (says) expect(problem).toMatch(says);
      else expect(problem).toBeUndefined();
    });
  }

  it('[F-22] costs one statement at boot, and none later', async () => {
    const log = new StatementLog();
    const checks = () => log.statements.filter((sql) => /"?noInstant/.test(sql)).length;
    const { tickets } = await startOffice(database, {}, { logger: log, logging: true, dropSchema: true });
    expect(checks()).toBe(1);
    const { credentials } = await tickets.issue({ place: 'louvre', purpose: 'visit' });
    await tickets.authenticate(credentials, 'louvre', 'visit');
    expect(checks()).toBe(1);
  });
});

eachDatabase('[F-22] The connection of an app that opens it later', (database) => {
  const [[, [settings, says]]] = Object.entries(REFUSED[database.type]) as [[string, [object, RegExp]]];

  it('[F-22] is looked at with the first ticket', async () => {
    const later = { ...settings, synchronize: false, manualInitialization: true };
    const { tickets, dataSource } = await startOffice(database, {}, later);
    await dataSource.initialize();
    for (const _ of [1, 2]) await expect(tickets.list({})).rejects.toThrow(says);
  });
});

const postgres = inject('databases').find(({ name }) => name.startsWith('postgres'));

describe.runIf(postgres)('[F-22] A database of PostgreSQL', () => {
  it.each([
    ['LATIN1', /cannot hold every letter: .* ENCODING 'UTF8'/],
    ['SQL_ASCII', /does not take text as it is: .* ENCODING 'UTF8'/],
  ])('[F-22] with the encoding %s is refused at boot', async (encoding, says) => {
    const name = `ticketoffice_${encoding.toLowerCase()}_${process.pid}`;
    const as = `ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`;
    await execute('postgres', postgres!.url, `CREATE DATABASE ${name} ${as}`);
    afterwards(() => execute('postgres', postgres!.url, `DROP DATABASE ${name} WITH (FORCE)`));
    const url = databaseUrl('postgres', postgres!.url, name);
    const dataSource = await new DataSource({ type: 'postgres', url, entities: [Ticket] }).initialize();
    const queryRunner = dataSource.createQueryRunner();
    expect(await connectionProblem(queryRunner)).toMatch(says);
    await queryRunner.release();
    await dataSource.destroy();
  });
});
