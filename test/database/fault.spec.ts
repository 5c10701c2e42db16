import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import {
  DatabaseBusyError,
  DatabaseHeldError,
  transientErrorOf,
  RowContestedError,
  RowTakenError,
} from '../../lib/database/fault.js';
import { lostFaults, undoneFaults } from '../support/driver-faults.js';

const failed = (error: Error) => new QueryFailedError('SELECT 1', [], error);
const coded = (fields: object, message = 'an error') => Object.assign(new Error(message), fields);

describe('An error', () => {
  const undone = Object.entries(undoneFaults).flatMap(([type, faults]) =>
    Object.entries(faults).map(([name, make]) => [type, name, make] as const),
  );
  it.each(undone)('of %s, a %s, is a fault after which nothing was done', (type, _, make) => {
    const fault = type === 'better-sqlite3' ? 'busy' : 'undone';
    expect([transientErrorOf(make()), transientErrorOf(failed(make()))]).toEqual([fault, fault]);
  });

  const lost = Object.entries(lostFaults).flatMap(([type, faults]) =>
    Object.entries(faults).map(([name, make]) => [type, name, make] as const),
  );
  it.each(lost)('of %s, a %s, is a fault after which nobody knows', (_, __, make) => {
    expect([transientErrorOf(make()), transientErrorOf(failed(make()))]).toEqual(['lost', 'lost']);
  });

  it.each([
    ['the server shuts down', { code: '57P01' }],
    ['the server has crashed', { code: '57P02' }],
    ['the session was idle for too long', { code: '25P03' }],
    ['its end is unknown', { code: '40003' }],
    ['mysql2 has waited for too long', { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }],
    ['the pipe is broken', { code: 'EPIPE', errno: -32 }],
    ['nobody answers', { code: 'ETIMEDOUT', errno: -110 }],
    ['MariaDB shuts down', { code: 'ER_SERVER_SHUTDOWN', errno: 1053 }],
  ])('when %s is a lost connection', (_, fields) => {
    expect(transientErrorOf(failed(coded(fields)))).toBe('lost');
  });

  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    "Can't add new command when connection is in closed state",
    'Query read timeout',
  ])('that says “%s” is a lost connection', (message) => {
    expect(transientErrorOf(failed(new Error(message)))).toBe('lost');
  });

  it.each([
    ['the server starts', { code: '57P03' }],
    ['the connection is refused', { code: 'ECONNREFUSED', errno: -111 }],
    ['the host is unknown', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
    ['the name server is away', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
    ['the socket is not there', { code: 'ENOENT', syscall: 'connect' }],
    ['there is no way to the host', { code: 'EHOSTUNREACH', syscall: 'connect' }],
    ['the primary is another server now', { code: '25006' }],
    ['MariaDB is read-only now', { code: 'ER_OPTION_PREVENTS_STATEMENT', errno: 1290 }],
    ['MariaDB has run out of time', { code: 'ER_STATEMENT_TIMEOUT', errno: 1969 }],
    ['MySQL has run out of time', { code: 'ER_QUERY_TIMEOUT', errno: 3024 }],
  ])('when %s is a fault after which nothing was done', (_, fields) => {
    expect(transientErrorOf(failed(coded(fields)))).toBe('undone');
  });

  it.each([
    'timeout exceeded when trying to connect',
    'Connection terminated due to connection timeout',
    'Queue limit reached.',
    'No connections available.',
  ])('that says “%s” is one of who got no connection', (message) => {
    expect(transientErrorOf(new Error(message))).toBe('undone');
  });

  it('of a query runner that was released meanwhile is a lost connection', () => {
    expect(transientErrorOf(new QueryRunnerAlreadyReleasedError())).toBe('lost');
  });

  it('of our own is what it says', () => {
    expect(transientErrorOf(new RowTakenError())).toBe('taken');
    expect(transientErrorOf(new RowContestedError())).toBe('contested');
    expect(transientErrorOf(new DatabaseBusyError())).toBe('busy');
    expect(transientErrorOf(new DatabaseHeldError())).toBe('held');
  });

  it.each([
    ['a syntax error', { code: '42601' }],
    ['a missing table', { code: '42P01' }],
    ['a unique violation', { code: '23505' }],
    ['a check violation', { code: '23514' }],
    ['MariaDB’s duplicate key', { code: 'ER_DUP_ENTRY', errno: 1062 }],
    ['MariaDB’s syntax error', { code: 'ER_PARSE_ERROR', errno: 1064 }],
    ['MariaDB’s refused password', { code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 }],
    ['SQLite’s constraint', { code: 'SQLITE_CONSTRAINT' }],
    ['SQLite’s full disk', { code: 'SQLITE_FULL' }],
    ['SQLite’s corrupt file', { code: 'SQLITE_CORRUPT' }],
    ['SQLite’s read-only file', { code: 'SQLITE_READONLY' }],
    ['an unknown code', { code: 'XX000' }],
    ['a code that only contains one', { code: 'X40001' }],
    ['a missing file', { code: 'ENOENT', syscall: 'open' }],
    ['a number for a code', { code: 40001.5 }],
    ['an errno in words', { errno: '1213' }],
    ['no code', {}],
  ])('that is %s is no passing fault', (_, fields) => {
    expect(transientErrorOf(failed(coded(fields)))).toBeUndefined();
  });

  it.each([undefined, null, 'ECONNRESET', 40001, {}, { driverError: null }, new Error('deadlock detected')])(
    'that is %s is no passing fault',
    (error) => {
      expect(transientErrorOf(error)).toBeUndefined();
    },
  );
});
