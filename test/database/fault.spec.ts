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

interface Told {
  readonly message?: string;
  readonly code?: string;
  readonly errno?: number;
}

/** Faults as they are told by what stands between app and database, or by the database while it fails over. */
const PASSING: Record<string, [Told, 'undone' | 'lost'][]> = {
  // https://galeracluster.com/library/kb/
  Galera: [
    [
      {
        errno: 1047,
        code: 'ER_UNKNOWN_COM_ERROR',
        message: 'WSREP has not yet prepared node for application use',
      },
      'undone',
    ],
    [{ errno: 1213, code: 'ER_LOCK_DEADLOCK', message: 'Deadlock: wsrep aborted transaction' }, 'undone'],
    [{ errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT' }, 'undone'],
    [{ errno: 1180, code: 'ER_ERROR_DURING_COMMIT' }, 'lost'],
  ],
  // https://mariadb.com/kb/en/mariadb-error-code-reference/
  'MariaDB, for an account or the server': [
    [
      {
        errno: 1226,
        message: "User 'museum' has exceeded the 'max_user_connections' resource (current value: 2)",
      },
      'undone',
    ],
    [{ errno: 1203, code: 'ER_TOO_MANY_USER_CONNECTIONS' }, 'undone'],
    [{ errno: 1040, code: 'ER_CON_COUNT_ERROR' }, 'undone'],
    [{ errno: 1041, code: 'ER_OUT_OF_RESOURCES' }, 'undone'],
    [{ errno: 1135, code: 'ER_CANT_CREATE_THREAD' }, 'undone'],
    [{ errno: 1206, code: 'ER_LOCK_TABLE_FULL' }, 'undone'],
    [{ errno: 1223, code: 'ER_CANT_UPDATE_WITH_READLOCK' }, 'undone'],
    [{ errno: 1412, code: 'ER_TABLE_DEF_CHANGED' }, 'undone'],
    [{ errno: 1158, code: 'ER_NET_READ_ERROR' }, 'lost'],
    [{ errno: 3169, code: 'ER_SESSION_WAS_KILLED' }, 'lost'],
  ],
  // https://proxysql.com/documentation/error-codes
  ProxySQL: [
    [
      { errno: 9001, message: 'Max connect timeout reached while reaching hostgroup 10 after 10000ms' },
      'undone',
    ],
    [{ errno: 9002, message: 'Max connect failure while reaching hostgroup 10' }, 'undone'],
    [{ errno: 9004, message: 'Backend Offline Detected' }, 'undone'],
    [{ errno: 2013, message: 'Lost connection to MySQL server during query' }, 'lost'],
    [{ errno: 1907, message: 'Query execution was interrupted, query_timeout exceeded' }, 'lost'],
  ],
  MaxScale: [[{ errno: 2003, message: 'Lost connection to backend server' }, 'lost']],
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html
  'Amazon RDS and Aurora': [
    [{ errno: 1290, message: 'The MySQL server is running with the --read-only option' }, 'undone'],
    [{ errno: 1836, code: 'ER_READ_ONLY_MODE' }, 'undone'],
    [{ errno: 1792, code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' }, 'undone'],
    [{ code: '25006', message: 'cannot execute UPDATE in a read-only transaction' }, 'undone'],
    [{ errno: 9501, message: 'Timed-out waiting to acquire database connection' }, 'undone'],
    [{ code: '08000', message: 'Timed-out waiting to acquire database connection.' }, 'undone'],
  ],
  // The source of PgBouncer: src/janitor.c, src/objects.c, src/client.c, src/prepare.c.
  PgBouncer: [
    [{ code: '08P01', message: 'query_wait_timeout' }, 'undone'],
    [{ code: '08P01', message: 'no more connections allowed (max_client_conn)' }, 'undone'],
    [{ code: '08P01', message: 'client connections exceeded (max_db_client_connections)' }, 'undone'],
    [
      {
        code: '08P01',
        message: 'server login has been failing, cached error: connect failed (server_login_retry)',
      },
      'undone',
    ],
    [{ code: '08P01', message: 'pgbouncer cannot connect to server' }, 'undone'],
    [{ message: 'ERROR: pgbouncer cannot connect to server' }, 'undone'],
    [{ code: '08P01', message: 'client_login_timeout (server down)' }, 'undone'],
    [{ code: '08P01', message: 'pooler is shutting down' }, 'undone'],
    [{ code: '08P01', message: 'prepared statement did not exist' }, 'undone'],
    [{ code: '26000', message: 'prepared statement "x" does not exist' }, 'undone'],
    [{ code: '42P05', message: 'prepared statement "x" already exists' }, 'undone'],
    [{ code: '08P01', message: 'server conn crashed?' }, 'lost'],
    [{ code: '08P01', message: 'query_timeout' }, 'lost'],
    [{ code: '08P01', message: 'idle transaction timeout' }, 'lost'],
  ],
  // Its source: lib/supavisor/errors, lib/supavisor/db_handler.ex.
  Supavisor: [
    [{ code: 'XX000', message: 'Max client connections reached' }, 'undone'],
    [{ code: 'XX000', message: '(EMAXCONN) max client connections reached, limit: 200' }, 'undone'],
    [
      {
        code: 'XX000',
        message:
          'MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size',
      },
      'undone',
    ],
    [
      {
        code: 'XX000',
        message:
          '(ECHECKOUTTIMEOUT) unable to check out connection from the pool after 60000ms in Transaction mode',
      },
      'undone',
    ],
    [{ code: 'XX000', message: 'Unable to check out process from the pool due to timeout' }, 'undone'],
    [
      {
        code: 'XX000',
        message: '(ECIRCUITBREAKER) too many failures, new connections are temporarily blocked',
      },
      'undone',
    ],
    [
      {
        code: 'XX000',
        message: '(EMAXPREPARED) max prepared statements limit reached. Limit: 1000 per connection',
      },
      'undone',
    ],
    [{ code: '08006', message: 'Failed to connect to database: timeout' }, 'undone'],
    [
      { code: 'XX000', message: '(EDBHANDLEREXITED) DbHandler exited. Check logs for more information' },
      'lost',
    ],
  ],
  // The source of its proxy, and https://neon.com/docs/connect/connection-errors
  Neon: [
    [{ message: 'Control plane request failed' }, 'undone'],
    [{ code: 'XX000', message: "Couldn't connect to compute node" }, 'undone'],
    [
      {
        message:
          'Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.',
      },
      'undone',
    ],
    [{ code: '57P03', message: 'the database system is starting up' }, 'undone'],
    [{ code: '57P01', message: 'terminating connection due to administrator command' }, 'lost'],
  ],
  // Its source: src/client.rs.
  PgCat: [[{ code: '58000', message: 'could not get connection from the pool - AllServersDown' }, 'undone']],
  'PostgreSQL, also of Azure': [
    [{ code: '57P03', message: 'the database system is shutting down' }, 'undone'],
    [{ code: '53300', message: 'remaining connection slots are reserved' }, 'undone'],
    [{ code: '40001', message: 'canceling statement due to conflict with recovery' }, 'undone'],
    [{ code: '08001' }, 'undone'],
    [{ code: '08004' }, 'undone'],
    [{ code: '25P04', message: 'terminating connection due to transaction timeout' }, 'lost'],
    [{ message: 'terminating connection due to administrator command' }, 'lost'],
  ],
  'the drivers': [
    [{ message: 'timeout expired' }, 'undone'],
    [{ message: 'There was an error establishing an SSL connection' }, 'undone'],
    [{ code: 'POOL_NONEONLINE', message: 'Pool does Not have online node.' }, 'undone'],
    [{ code: 'EHOSTDOWN' }, 'lost'],
    [{ code: 'ERR_STREAM_WRITE_AFTER_END' }, 'lost'],
  ],
};

/** What the same tell of a setting or an account. */
const LASTING: Told[] = [
  { code: 'XX000', message: 'Tenant or user not found' },
  { code: 'XX000', message: '(ENOTFOUND) tenant/user postgres.abc not found' },
  { code: 'XX000', message: 'Console request failed: endpoint is disabled' },
  { code: '08P01', message: 'no such database: museum' },
  { code: '08P01', message: 'no such user: museum' },
  { code: '08P01', message: 'unsupported startup parameter: search_path' },
  { code: '08P01', message: 'SSL required' },
  { code: '08P01', message: 'transaction blocks not allowed in statement pooling mode' },
  { code: '28P01', message: 'password authentication failed' },
  { errno: 9003, message: 'Command not supported' },
  {
    errno: 9006,
    message: 'ProxySQL Error: connection is locked to hostgroup 1 but trying to reach hostgroup 2',
  },
  { errno: 1045, message: "ProxySQL Error: Access denied for user 'museum'" },
  { errno: 1129, message: 'Host is blocked because of many connection errors' },
  { message: 'The server does not support SSL connections' },
];

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

  it.each(
    Object.entries(PASSING).flatMap(([source, faults]) => faults.map((fault) => [source, ...fault] as const)),
  )(
    '[F-10] of %s, %o, is a fault after which the statement is %s',
    (_, { message = 'an error', ...fields }, state) => {
      expect(transientErrorOf(failed(coded(fields, message)))).toBe(state);
    },
  );

  it.each(LASTING)('[F-10] such as %o is no passing fault, whatever its code', ({ message, ...fields }) => {
    expect(transientErrorOf(failed(coded(fields, message)))).toBeUndefined();
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
