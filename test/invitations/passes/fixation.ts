import { faultsOf } from '../../support/faults.js';
import type { Museum } from '../../support/app.js';
import type { SessionStore } from '../../support/sessions.js';
import { Browser } from '../browser.js';
import { issue, openLink } from '../places.app.js';
import { sessionOf, writeSession } from './pass.stores.js';

const BASKET = { visitor: 'Léonard', basket: [{ postcard: 2 }] };

/**
 * [S-5] A guest opens a link in a browser that has a session already, whose cookie somebody else knows.
 *
 * @returns what was wrong, in sentences; none: the other has nothing of it, and the guest has kept everything
 */
export async function fixate(museum: Museum, store: SessionStore): Promise<string[]> {
  const thief = new Browser(museum.app);
  await writeSession(thief, { ...BASKET, lifetime: 86_400_000 });
  const [known] = [...thief.cookies.values()];
  const guest = await openLink(museum, await issue(museum), '/louvre', thief.copy());
  const visit = await guest.visit('/louvre');
  const { ticketOffice, lifetime, ...kept } = await sessionOf(guest);
  const stored = store.rows.size;
  const stolen = await thief.copy().visit('/louvre');
  return faultsOf({
    'the guest is admitted': [visit.status, 200],
    'passes that the guest has': [Object.keys(ticketOffice ?? {}).length, 1],
    'what the guest has kept': [JSON.stringify(kept), JSON.stringify(BASKET)],
    // In whole seconds: express-session measures what it was told by a clock that runs.
    'how long the session lives, in s': [Math.round(Number(lifetime) / 1000), 86_400],
    'cookies with the id that was known': [
      [...guest.cookies.values()].filter((id) => id === known).length,
      0,
    ],
    'the answer to the old id': [stolen.status, 401],
    'what the old id has': [JSON.stringify(await sessionOf(thief.copy())), '{"lifetime":null}'],
    'sessions stored': [stored, 1],
  });
}
