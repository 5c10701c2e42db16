import { ConfigurationError } from './configuration-error.js';
import { developmentSecret } from './development-secret.js';
import { projectRoot } from './project-root.js';
import { trustedProxies } from './trusted-proxies.js';

export interface Configuration {
  readonly host: string;
  readonly port: number;
  readonly baseUrl: string;
  readonly secret: string;
  /** How many requests a minute one address may make where credentials are shown. */
  readonly requestsPerMinute: number;
  readonly trustedProxies: ReturnType<typeof trustedProxies>;
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new ConfigurationError(`PORT must be a whole number from 1 to 65535, not "${text}".`);
}

function readRequestsPerMinute(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new ConfigurationError(`REQUESTS_PER_MINUTE must be a whole number of 1 or more, not "${text}".`);
}

function readSecret(env: NodeJS.ProcessEnv): string {
  if (env.TICKET_OFFICE_SECRET) return env.TICKET_OFFICE_SECRET;
  if (env.NODE_ENV !== 'production') return developmentSecret(projectRoot);
  throw new ConfigurationError(
    'TICKET_OFFICE_SECRET is not set. In production, set it to at least 32 random characters, made by: ' +
      `node -p "crypto.randomBytes(32).toString('base64url')"`,
  );
}

function readConfiguration(env: NodeJS.ProcessEnv): Configuration {
  const port = readPort(env.PORT || '3000');
  return {
    host: env.HOST || '127.0.0.1',
    port,
    baseUrl: env.BASE_URL || `http://localhost:${port}`,
    secret: readSecret(env),
    requestsPerMinute: readRequestsPerMinute(env.REQUESTS_PER_MINUTE || '30'),
    trustedProxies: trustedProxies(env.TRUST_PROXY || ''),
  };
}

export const configuration = readConfiguration(process.env);
