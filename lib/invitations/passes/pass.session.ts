import { isPlainObject } from '../../tickets/input/rules.js';
import type { GuestRequest } from '../guest-request.js';
import type { PassShelf, Placement } from './pass.shelf.js';
import { renewSession, saveSession, type Session, sessionOf } from './session.js';

/** The field of the session that has all passes, by door. */
const FIELD = 'ticketOffice';

/** Keeps passes in the app's sessions: of express-session or @fastify/session. */
export class PassSession implements PassShelf {
  assertWithin(request: GuestRequest): void {
    sessionOf(request);
  }

  nameOf(_request: GuestRequest, door: string): string {
    return door;
  }

  find(request: GuestRequest, name: string): string | undefined {
    return passesIn(sessionOf(request)).get(name);
  }

  all(request: GuestRequest): [name: string, seal: string][] {
    return [...passesIn(sessionOf(request))];
  }

  /** With another session id: who has made the guest's browser use an id known to them is not let in with it. */
  async put(request: GuestRequest, _response: unknown, placement: Placement): Promise<void> {
    const { name, seal, instead } = placement;
    const session = await renewSession(request);
    const kept = passesIn(session);
    // Its own name, too: what was put last is last in the list.
    for (const old of [name, ...instead]) kept.delete(old);
    write(session, kept.set(name, seal));
    await saveSession(request).catch((error: unknown) => {
      // It may yet be stored, with what the app has in it, when the answer is sent.
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

/** Whatever else stands there is no pass: others write to the session, too. */
function passesIn(session: Session): Map<string, string> {
  const field = session[FIELD];
  const entries = isPlainObject(field) ? Object.entries(field) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function write(session: Session, passes: ReadonlyMap<string, string>): void {
  if (passes.size > 0) session[FIELD] = Object.fromEntries(passes);
  else delete session[FIELD];
}
