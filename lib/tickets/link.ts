import { type CredentialParameters, isCredential } from './credential.parameters.js';
import { type CredentialsLike, isRedacted, readCredentials } from './credentials.js';
import { isGeneratedSecret } from './secrets/secret.js';
import { TicketInputError, TicketOfficeConfigurationError } from './ticket.errors.js';

/** What a mail program's finder of links may take for the end of a sentence, or for emphasis. */
const FRAGILE = /[!'()*.~]|(?<![A-Za-z0-9])[-_]|[-_](?![A-Za-z0-9])/g;

/**
 * A value of a query in letters, digits and escapes, and `-` and `_` within words: mail leaves that as it is. All of a
 * generated secret but its end stays as it is: what looks for secrets in texts finds it by its shape.
 */
const encoded = (value: string): string =>
  isGeneratedSecret(value) ? value.replace(/[-_]$/, escaped) : encodedText(value);

/** The same for a value that is no secret, in a path as well. */
export const encodedText = (value: string): string => encodeURIComponent(value).replace(FRAGILE, escaped);

const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** One leading slash, and neither backslash nor control character: a path that no browser reads as another host. */
export const LOCAL_PATH = /^\/(?![/\\])[^\\\p{Cc}]*$/u;

/** What is wrong with what should be such a path, and what to write; nothing when it is fine. */
export const localPathProblem = (path: unknown): string | undefined =>
  typeof path === 'string' && LOCAL_PATH.test(path)
    ? undefined
    : "must start with one '/' and have neither backslash nor control character, such as '/louvre'";

/**
 * A link below `baseUrl` that carries the credentials in its query, spelled so that it survives mail.
 *
 * @throws TicketOfficeConfigurationError without a `baseUrl`
 * @throws TicketInputError for a path that is not below it or has credentials already, and for faulty credentials
 */
export function link(
  baseUrl: string | undefined,
  path: string,
  credentials: CredentialsLike,
  parameters: CredentialParameters,
): string {
  if (baseUrl === undefined) {
    throw new TicketOfficeConfigurationError(
      "url() needs the option baseUrl, such as 'https://museum.example': links are never made from a request's headers",
    );
  }
  const base = baseUrl.replace(/\/+$/, '');
  const problems = [...pathProblems(base, path, parameters), ...credentialsProblems(credentials)];
  if (problems.length > 0) throw new TicketInputError('url()', problems);
  const url = new URL(base + path);
  const { uuid, password } = credentials;
  const added = `${parameters.uuid}=${encoded(uuid)}&${parameters.password}=${encoded(password)}`;
  // Not searchParams.append, which would encode the path's own parameters again.
  url.search = url.search === '' ? added : `${url.search}&${added}`;
  return url.href;
}

function pathProblems(base: string, path: unknown, parameters: CredentialParameters): string[] {
  const problem = localPathProblem(path);
  if (problem !== undefined) return [`path ${problem}`];
  const url = new URL(base + String(path));
  if (!url.pathname.startsWith(new URL(`${base}/`).pathname))
    return ["path must not climb above baseUrl with '..'"];
  const taken = [...url.searchParams.keys()].filter((name) => isCredential(name, parameters));
  return taken.map(
    (name) => `path has a parameter '${name}' already: leave it to url() to add the credentials`,
  );
}

function credentialsProblems(credentials: CredentialsLike): string[] {
  if (!readCredentials(credentials)) return ['credentials must be those that issue() returned'];
  return isRedacted(credentials)
    ? [
        'credentials have lost their secret on the way through JSON: send the link, or uuid and password by name',
      ]
    : [];
}
