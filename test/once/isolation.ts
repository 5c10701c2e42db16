import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import mysql, { type Pool } from 'mysql2';

const LEVELS = ['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const;
export type IsolationLevel = (typeof LEVELS)[number];

/** The levels that a database tells apart; `undefined`: it has no choice to offer. */
export function isolationLevels(
  type: 'better-sqlite3' | 'postgres' | 'mariadb',
): (IsolationLevel | undefined)[] {
  if (type === 'better-sqlite3') return [undefined];
  return type === 'mariadb' ? [...LEVELS] : LEVELS.filter((level) => level !== 'READ UNCOMMITTED');
}

/** The same options, with a level that every session has by default, as a database's administrator may set it. */
export function atLevel(
  options: TypeOrmModuleOptions,
  level: IsolationLevel | undefined,
): TypeOrmModuleOptions {
  if (level === undefined) return options;
  const changes =
    options.type === 'mariadb'
      ? { driver: mysqlAtLevel(level) }
      : { extra: { options: postgresAtLevel(level) } };
  return { ...options, ...changes };
}

const postgresAtLevel = (level: IsolationLevel): string =>
  `-c default_transaction_isolation=${level.toLowerCase().replace(' ', '\\ ')}`;

/** The driver, whose pools set the level on each connection before anybody else gets it. */
function mysqlAtLevel(level: IsolationLevel): typeof mysql {
  const createPool = (...options: Parameters<typeof mysql.createPool>): Pool => {
    const pool = mysql.createPool(...options);
    pool.on('connection', (connection) =>
      connection.query(`SET SESSION TRANSACTION ISOLATION LEVEL ${level}`),
    );
    return pool;
  };
  return { ...mysql, createPool } as typeof mysql;
}
