import { execute, type ServerType } from './database-servers.js';

const servers = {
  postgres: {
    variable: 'POSTGRES_URL',
    local: 'postgres://postgres@127.0.0.1:5432/postgres',
    example: 'postgres://user:password@host:port/database',
  },
  mariadb: {
    variable: 'MARIADB_URL',
    local: 'mysql://root@127.0.0.1:3306/',
    example: 'mysql://user:password@host:port/',
  },
} as const;

/**
 * The URL of the server that the environment names, or else of the one on the default local port.
 * @throws Error saying what to start or set, when it does not answer within a second.
 */
export async function existingServer(type: ServerType): Promise<string> {
  const { variable, local, example } = servers[type];
  const configured = process.env[variable];
  try {
    await execute(type, configured || local, 'SELECT 1', 1_000);
    return configured || local;
  } catch (error) {
    const advice = configured
      ? `${variable}=${withoutPassword(configured)} is set but does not answer: start it, or set another`
      : `start one on ${new URL(local).host} or set ${variable}=${example}`;
    throw new Error(`${advice} (${reason(error)})`, { cause: error });
  }
}

function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^/@]*?):[^/]*@/, '$1:***@');
}

function reason(error: unknown): string {
  // Several addresses tried in vain come as an AggregateError, whose own message is empty.
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}
