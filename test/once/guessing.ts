import { ask, authorization, cookieOf, queryOf, type WholeAnswer } from '../invitations/ask.js';
import { faultsOf } from '../support/faults.js';
import type { Door } from './door.js';
import type { LimitName } from './hall.controller.js';
import type { House } from './house.js';
import type { Refusals } from './tally.js';

const PASSWORD = 'I love Paris';

/**
 * Wrong guesses at one human password, all at once, spread over the doors.
 *
 * @returns what was wrong, in sentences; none: five were checked, all were refused alike, the ticket is locked, and a
 * pass that it gave before is still good
 */
export async function guessAtOnce(
  house: House,
  doors: readonly Door[],
  limit: LimitName,
  size: number,
): Promise<string[]> {
  const { credentials } = await house.tickets.issue({
    place: 'louvre',
    purpose: 'visit',
    password: PASSWORD,
  });
  const { uuid } = credentials;
  const path = `/hall/${limit}`;
  const show = ({ port }: Door, password: string) =>
    ask(port, path, { headers: authorization({ uuid, password }) });
  const [first] = doors as [Door];
  const pass = cookieOf(await ask(first.port, `/hall/InvitationRequired?${queryOf(credentials)}`));
  const guesses = Array.from({ length: size }, (_, number) =>
    show(doors[number % doors.length]!, `wrong ${number}`),
  );
  const answers = await Promise.all(guesses);
  const refusals = await Promise.all(doors.map((door) => refusalsBy(door, uuid)));
  const { attempts } = await house.row(uuid);
  const [right, stillGood] = await Promise.all([
    Promise.all(doors.map((door) => show(door, PASSWORD))),
    Promise.all(
      doors.map(({ port }) => ask(port, '/hall/InvitationRequired', { headers: { Cookie: pass } })),
    ),
  ]);
  return faultsOf({
    'answers to guesses': [statuses(answers), '403'],
    'kinds of answers': [kindsOf(answers, doors), doors.length],
    'bodies of answers': [new Set(answers.map(({ body }) => body)).size, 1],
    'guesses checked': [refusals.reduce((sum, { wrong = 0 }) => sum + wrong, 0), 5],
    'guesses counted': [Number(attempts), 5],
    'answers to the right password': [statuses(right), '403'],
    'kinds of answers, with those to the right password': [
      kindsOf([...answers, ...right], doors),
      doors.length,
    ],
    'answers to the pass': [statuses(stillGood), '200'],
  });
}

async function refusalsBy({ port }: Door, uuid: string): Promise<Refusals> {
  return JSON.parse((await ask(port, `/refusals/${uuid}`)).body) as Refusals;
}

const statuses = (answers: readonly WholeAnswer[]): string =>
  [...new Set(answers.map(({ status }) => String(status)))].join();

/** Each door has one kind, to the byte, where the doors' platforms differ. */
const kindsOf = (answers: readonly WholeAnswer[], doors: readonly Door[]): number =>
  new Set(answers.map((answer, index) => JSON.stringify([answer, index % doors.length]))).size;
