import { randomBytes } from 'node:crypto';
import { secretProblem } from '../tickets/secrets/keyring.js';
import { baseUrlProblem } from '../tickets/ticket.settings.js';
import { usageError } from './failure.js';

// Secrets come from the environment: other users of the machine can read the arguments of a command. It is read when it is
// needed, since the file of the data source may set it, as dotenv does.

/** The app's secrets, the current one first; `undefined` when there are none. */
export function environmentSecrets(): string[] | undefined {
  const secrets = process.env['TICKET_OFFICE_SECRET']?.split(/\s+/).filter((secret) => secret !== '') ?? [];
  return secrets.length > 0 ? secrets : undefined;
}

/** What is wrong with them, and what to write; nothing when they are fine. */
export function environmentSecretsProblem(secrets = environmentSecrets()): string | undefined {
  if (!secrets) return 'TICKET_OFFICE_SECRET is not set: set it to the secret of the app';
  const problem = secretProblem(secrets);
  return problem && `TICKET_OFFICE_SECRET, in which blanks separate several secrets, ${problem}`;
}

/** @throws CommandLineError when they are missing or wrong */
export function requireSecrets(): string[] {
  const problem = environmentSecretsProblem();
  if (problem !== undefined) throw usageError(problem);
  return environmentSecrets()!;
}

/** For an office that makes and checks no secret: nothing that it writes depends on this one. */
export const placeholderSecret = (): string[] => [randomBytes(32).toString('base64url')];

/** The address that links begin with; `undefined` when there is none. */
export const environmentBaseUrl = (): string | undefined =>
  process.env['TICKET_OFFICE_BASE_URL']?.trim() || undefined;

/** What is wrong with it, and what to write; nothing when it is fine. */
export function environmentBaseUrlProblem(baseUrl: string): string | undefined {
  const problem = baseUrlProblem(baseUrl);
  return problem && `TICKET_OFFICE_BASE_URL ${problem}`;
}

/** @throws CommandLineError when it is missing or wrong */
export function requireBaseUrl(): string {
  const baseUrl = environmentBaseUrl();
  if (baseUrl === undefined) {
    throw usageError(
      '--path needs TICKET_OFFICE_BASE_URL: set it to the public address of the app, such as https://museum.example',
    );
  }
  const problem = environmentBaseUrlProblem(baseUrl);
  if (problem !== undefined) throw usageError(problem);
  return baseUrl;
}
