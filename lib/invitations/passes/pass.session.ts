import { isPlainObject } from '../../tickets/input/rules.js';
import { TicketOfficeConfigurationError } from '../../tickets/ticket.errors.js';
import type { GuestRequest } from '../guest-request.js';
import { PASS_NAME, type PassStore, type StoredPass } from './pass.store.js';

/** The field of the session that has all passes by their names: of every office of the host that shares the session. */
const FIELD = 'ticketOffice';

/** Keeps passes in the app's sessions: of express-session or @fastify/session. */
export class PassSession implements PassStore {
  assertAvailable(request: GuestRequest): void {
    sessionOf(request);
  }

  all(request: GuestRequest): [name: string, token: string][] {
    return [...passesIn(sessionOf(request))].filter(([name]) => PASS_NAME.test(name));
  }

  /** Renews the session id: an attacker who made the guest's browser use a known id gets no pass with it. */
  async put(request: GuestRequest, _response: unknown, pass: StoredPass): Promise<void> {
    const { name, token, evicts } = pass;
    const session = await renewSession(request);
    const kept = passesIn(session);
    // Its own name, too: the pass that was put last is last in the list.
    for (const old of [name, ...evicts]) kept.delete(old);
    write(session, kept.set(name, token));
    await saveSession(request).catch((error: unknown) => {
      // The session may yet be stored when the answer is sent, with what the app has in it.
      this.remove(request, undefined, name);
      throw error;
    });
  }

  remove(request: GuestRequest, _response: unknown, name: string): void {
    const session = sessionOf(request);
    const kept = passesIn(session);
    if (kept.delete(name)) write(session, kept);
  }
}

/** Ignores anything but texts: the app may write to the session, too. */
function passesIn(session: Session): Map<string, string> {
  const field = session[FIELD];
  const entries = isPlainObject(field) ? Object.entries(field) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function write(session: Session, passes: ReadonlyMap<string, string>): void {
  if (passes.size > 0) session[FIELD] = Object.fromEntries(passes);
  else delete session[FIELD];
}

type Callback = (error?: unknown) => void;

/** What the sessions of express-session and @fastify/session have in common; the other fields are the app's. */
interface Session {
  [field: string]: unknown;
  regenerate(callback: Callback): unknown;
  save(callback: Callback): unknown;
}

/** The settings of how long a browser keeps the session; each library has its own. */
const LIFETIME = ['expires', 'originalMaxAge', 'originalExpires'];

/** @throws TicketOfficeConfigurationError where a request has no session, or one whose id cannot be renewed */
function sessionOf({ session }: GuestRequest): Session {
  const { regenerate, save } = Object(session) as Partial<Session>;
  if (typeof regenerate === 'function' && typeof save === 'function') return session as Session;
  throw new TicketOfficeConfigurationError(
    "pass: { store: 'session' } found no request.session that can be regenerated: before the app listens, write " +
      'app.use(session({ … })) with express-session, or await app.register(…) @fastify/cookie and @fastify/session, ' +
      "for every path that asks for a ticket, and see that its store is connected; or write pass: { store: 'cookie' }",
  );
}

/**
 * Gives the session another id, so that nobody who knows the old one has the pass. Its contents are kept. Requests that
 * come at the same time with the old id find it empty, as they do at a log-in with both libraries.
 */
async function renewSession(request: GuestRequest): Promise<Session> {
  const before = sessionOf(request);
  // Read first: the libraries may empty the session that they replace. Their own fields, such as the id, are symbols.
  const fields = Object.entries(before).filter(([name]) => name !== 'cookie' && name !== '__proto__');
  await settled((callback) => before.regenerate(callback));
  const renewed = sessionOf(request);
  for (const [name, value] of fields) renewed[name] = value;
  keepLifetime(before.cookie, renewed.cookie);
  return renewed;
}

/** Stores the session before the guest gets the redirect, or the error. */
async function saveSession(request: GuestRequest): Promise<void> {
  // express-session sends a redirect while it still stores the session; @fastify/session, when it could not store it,
  // stores it once more while it answers with the error.
  await settled((callback) => sessionOf(request).save(callback));
}

const settled = (act: (callback: Callback) => unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    act((error) => (error ? reject(error) : resolve()));
  });

/** A guest may have asked to be remembered, for example. In this order: express-session derives one from another. */
function keepLifetime(before: unknown, renewed: unknown): void {
  if (!isObject(before) || !isObject(renewed)) return;
  for (const setting of LIFETIME) if (setting in before) renewed[setting] = before[setting];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
