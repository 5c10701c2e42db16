/** The fields that drivers set on their errors; each driver sets some. */
export interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
  /** Only PostgreSQL's errors have it: `FATAL` ones end the connection. */
  readonly severity?: unknown;
  readonly syscall?: unknown;
}

/** The driver's own error, which TypeORM wraps in most cases. */
export function driverErrorOf(error: unknown): DriverError {
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return Object(driverError) as DriverError;
}

/**
 * Whether a statement failed only because it was prepared: the connection does not have it, or has it already, since a
 * pooler gives each transaction another connection (26000, 42P05 and PgBouncer's words for it: src/prepare.c); the pooler
 * keeps no more (Supavisor, lib/supavisor/errors); or the table has changed (0A000, a migration).
 */
export function isPreparationError({ code, message }: DriverError): boolean {
  return code === '26000' || code === '42P05' || PREPARATION_MESSAGES.test(String(message));
}

const PREPARATION_MESSAGES =
  /^(cached plan must not change|prepared statement (did not exist|name is already in use)|(\(EMAXPREPARED(MEM)?\) )?max prepared statements )/;

/** Read-only, because another server is the primary now (PostgreSQL's documentation, appendix A). */
const ELSEWHERE_SQLSTATE = '25006';
const ELSEWHERE_ERRNO = new Set([
  // Read-only for the same reason: the server, the transaction, the account.
  1290, 1792, 1836,
  // Galera: WSREP has not yet prepared node for application use (https://galeracluster.com/library/kb/).
  1047,
]);

/** Whether another connection may lead to a server that can do it, while this one will not, for as long as it is open. */
export function isElsewhere(error: unknown): boolean {
  const { code, errno } = driverErrorOf(error);
  return code === ELSEWHERE_SQLSTATE || ELSEWHERE_ERRNO.has(errno as number);
}

/**
 * SQLSTATE (PostgreSQL's documentation, appendix A): serialization failure, also at a fail-over; deadlock, lock time-out,
 * cancelled, not started yet; no resources; no connection.
 */
const UNDONE_SQLSTATE = /^(40001|40P01|55P03|57014|57P03|53...|0800[14])$/;
/** Connection exceptions, a server that shuts down, restarts or ends the session, an unknown end. */
const LOST_SQLSTATE = /^(08...|57P0[1245]|25P0[34]|40003)$/;

/** Error codes of MariaDB and MySQL (https://mariadb.com/kb/en/mariadb-error-code-reference/). */
const UNDONE_ERRNO = new Set([
  // Record changed, lock time-out, deadlock (of Galera also a conflict with another node), no more locks, locked row.
  1020,
  1205, 1213, 1206, 3572,
  // Interrupted, out of time.
  1317, 1969, 3024,
  // No memory, connections, resources or threads; too many connections or statements of this account, or transactions.
  1037,
  1038, 1040, 1041, 1135, 1203, 1226, 1637,
  // A global lock, a definition that has just changed, a failure that NDB calls temporary.
  1223, 1297, 1412, 1615,
  // Group replication has rolled back at COMMIT.
  3101,
  // ProxySQL, no connection to a server: in time, in so many tries, at all (https://proxysql.com/documentation/error-codes).
  9001,
  9002, 9004,
  // Amazon RDS Proxy, no connection in time (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html).
  9501,
]);
const LOST_ERRNO = new Set([
  // Connection killed, server shut down, aborted, idle for too long; the network between the servers.
  1053, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031,
  // Errors of clients, which ProxySQL and MaxScale pass on: 2003 is also that of a connection that broke.
  2002, 2003, 2006, 2013,
  // COMMIT has failed, or a hook of group replication at it; ProxySQL has killed it at its query_timeout.
  1180, 3100, 1907,
]);

/** Codes of Node.js and of mysql2. */
const UNDONE_CODES = /^(ECONNREFUSED|EAI_AGAIN|ENOTFOUND|POOL_NONEONLINE)$/;
const LOST_CODES =
  /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTCONN|ERR_STREAM_DESTROYED|ERR_STREAM_WRITE_AFTER_END|PROTOCOL_CONNECTION_LOST|PROTOCOL_SEQUENCE_TIMEOUT)$/;

/** Messages of failures that have no code, or one that says nothing. In these, there was no connection. */
const UNDONE_MESSAGES = anyOf(
  // pg, pg-pool, mysql2.
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Connection terminated due to connection timeout',
  'There was an error establishing an SSL connection',
  'Queue limit reached',
  'No connections available',
  // PgBouncer (src/janitor.c, src/objects.c, src/client.c), under 08P01.
  'query_wait_timeout',
  'no more connections allowed',
  'client connections exceeded',
  'too many servers in the pool',
  'server login has been failing',
  'pgbouncer cannot connect to server',
  'client_login_timeout',
  'pooler is shutting down',
  'server DNS lookup failed',
  // Supavisor (lib/supavisor/errors), under XX000 and 08006; its older versions in other words.
  '\\((EMAXCONN|EMAXPOOLSREACHED|ECHECKOUTTIMEOUT|ECHECKOUTRETRIES|ECIRCUITBREAKER|EPOOLCHECKOUT|EWORKERNOTFOUND|ESUBSCRIBERETRIES|EPROXYSTARTFAILED|EPROXYSUPERVISORUNAVAILABLE|EPOOLTERMINATING)\\)',
  '(MaxClientsInSessionMode: )?max client(s| connections) reached',
  'unable to check out (process|connection) from the pool',
  'failed to connect to database',
  // Neon's proxy (proxy/src/compute, proxy/src/control_plane), also while it wakes its server.
  "couldn't connect to compute node",
  'control plane request failed',
  'failed to acquire permit to connect to the database',
  // PgCat (src/client.rs), under 58000; Amazon RDS Proxy.
  'could not get connection from the pool',
  'timed-out waiting to acquire database connection',
);
/** The connection broke while it was in use. */
const LOST_MESSAGES = anyOf(
  'Connection terminated',
  'Client (has encountered a connection error|was closed)',
  "Can't add new command when connection is in closed state",
  'Query read timeout',
  'terminating connection due to ',
  // Supavisor.
  '(\\(EDBHANDLEREXITED\\) )?(DbHandler exited|connection to database closed)',
);
/** Faults of a setting or an account that poolers tell under a code of the connection: they will not pass. */
const LASTING_MESSAGES = anyOf(
  'no such (user|database)',
  'unsupported startup parameter',
  'SSL required',
  'login rejected',
  'bouncer config error',
  'transaction blocks not allowed in statement pooling mode',
  '(\\(ENOTFOUND\\) )?tenant',
);

/** At the beginning of a message, after what an older pooler puts before it. */
function anyOf(...beginnings: string[]): RegExp {
  return new RegExp(`^(ERROR: |FATAL: )?(${beginnings.join('|')})`, 'i');
}

/** What a driver's error means for the statement; `undefined`: it would fail again. */
export function driverFaultOf(error: DriverError): 'busy' | 'undone' | 'lost' | undefined {
  if (/^SQLITE_(BUSY|LOCKED)/.test(String(error.code))) return 'busy';
  if (isUndone(error) || isElsewhere(error) || isPreparationError(error)) return 'undone';
  return isLost(error) ? 'lost' : undefined;
}

function isUndone({ code, errno, message, syscall }: DriverError): boolean {
  // Without a connection nothing was sent.
  if (syscall === 'connect' || UNDONE_CODES.test(String(code))) return true;
  return (
    UNDONE_SQLSTATE.test(String(code)) ||
    UNDONE_ERRNO.has(errno as number) ||
    UNDONE_MESSAGES.test(String(message))
  );
}

function isLost({ code, errno, message }: DriverError): boolean {
  const text = String(message);
  return (
    LOST_ERRNO.has(errno as number) ||
    LOST_CODES.test(String(code)) ||
    LOST_MESSAGES.test(text) ||
    (LOST_SQLSTATE.test(String(code)) && !LASTING_MESSAGES.test(text))
  );
}

/** Whether PostgreSQL gave a statement up that waited for a lock: at once, or after `lock_timeout`. Nothing was written. */
export const isLockNotAvailable = (error: unknown): boolean => driverErrorOf(error).code === '55P03';
