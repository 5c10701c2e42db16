import { TicketOfficeConfigurationError } from '../../tickets/ticket.errors.js';
import type { GuestRequest } from '../guest-request.js';

type Callback = (error?: unknown) => void;

/** What express-session and @fastify/session have in common of a session; its own fields are the app's. */
export interface Session {
  [field: string]: unknown;
  regenerate(callback: Callback): unknown;
  save(callback: Callback): unknown;
}

/** What says how long a browser keeps the session; of these each library has its own. */
const LIFETIME = ['expires', 'originalMaxAge', 'originalExpires'];

/** @throws TicketOfficeConfigurationError where a request has no session, or one whose id cannot be renewed */
export function sessionOf({ session }: GuestRequest): Session {
  const { regenerate, save } = Object(session) as Partial<Session>;
  if (typeof regenerate === 'function' && typeof save === 'function') return session as Session;
  throw new TicketOfficeConfigurationError(
    "pass: { store: 'session' } found no request.session that can be regenerated: before the app listens, write " +
      'app.use(session({ … })) with express-session, or await app.register(…) @fastify/cookie and @fastify/session, ' +
      "for every path that asks for a ticket, and see that its store is connected; or write pass: { store: 'cookie' }",
  );
}

/**
 * Gives the session another id, so that who knows the old one does not have the pass; all that is in it is kept. Requests
 * that come at the same time with the old id find it empty: so the libraries renew, at a log-in, too.
 */
export async function renewSession(request: GuestRequest): Promise<Session> {
  const before = sessionOf(request);
  // Read first: the libraries may empty what they replace. What has a symbol is the library's own, the id for one.
  const fields = Object.entries(before).filter(([name]) => name !== 'cookie' && name !== '__proto__');
  await settled((callback) => before.regenerate(callback));
  const renewed = sessionOf(request);
  for (const [name, value] of fields) renewed[name] = value;
  keepLifetime(before.cookie, renewed.cookie);
  return renewed;
}

/** Stores the session before the guest is told to come back with it, or that something went wrong. */
export async function saveSession(request: GuestRequest): Promise<void> {
  // express-session sends a redirect while it still stores the session; @fastify/session, when it could not store it,
  // stores it once more while it answers with the error.
  await settled((callback) => sessionOf(request).save(callback));
}

const settled = (act: (callback: Callback) => unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    act((error) => (error ? reject(error) : resolve()));
  });

/** For a guest who asked to be remembered, say: in the order in which one setting sets another in express-session. */
function keepLifetime(before: unknown, renewed: unknown): void {
  if (!isObject(before) || !isObject(renewed)) return;
  for (const setting of LIFETIME) if (setting in before) renewed[setting] = before[setting];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
