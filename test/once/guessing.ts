import { ask, authorization, cookieOf, queryOf, type WholeAnswer } from '../invitations/ask.js';
import { faultsOf } from '../support/faults.js';
import type { AppServer } from './app.server.js';
import type { LimitName } from './hall.controller.js';
import type { Setup } from './setup.js';
import type { Refusals } from './tally.js';

const PASSWORD = 'I love Paris';

/**
 * Wrong guesses at one human password, all at once, spread over the servers.
 *
 * @returns what was wrong, in sentences; none: five were checked, all were refused alike, the ticket is locked, and a
 * pass that it gave before is still good
 */
export async function guessAtOnce(
  setup: Setup,
  servers: readonly AppServer[],
  limit: LimitName,
  size: number,
): Promise<string[]> {
  const { credentials } = await setup.tickets.issue({
    place: 'louvre',
    purpose: 'visit',
    password: PASSWORD,
  });
  const { uuid } = credentials;
  const path = `/hall/${limit}`;
  const show = ({ port }: AppServer, password: string) =>
    ask(port, path, { headers: authorization({ uuid, password }) });
  const [first] = servers as [AppServer];
  const pass = cookieOf(await ask(first.port, `/hall/InvitationRequired?${queryOf(credentials)}`));
  const guesses = Array.from({ length: size }, (_, number) =>
    show(servers[number % servers.length]!, `wrong ${number}`),
  );
  const answers = await Promise.all(guesses);
  const refusals = await Promise.all(servers.map((server) => refusalsBy(server, uuid)));
  const { attempts } = await setup.row(uuid);
  const [right, stillGood] = await Promise.all([
    Promise.all(servers.map((server) => show(server, PASSWORD))),
    Promise.all(
      servers.map(({ port }) => ask(port, '/hall/InvitationRequired', { headers: { Cookie: pass } })),
    ),
  ]);
  return faultsOf({
    'answers to guesses': [statuses(answers), '403'],
    'kinds of answers': [kindsOf(answers, servers), servers.length],
    'bodies of answers': [new Set(answers.map(({ body }) => body)).size, 1],
    'guesses checked': [refusals.reduce((sum, { wrong = 0 }) => sum + wrong, 0), 5],
    'guesses counted': [Number(attempts), 5],
    'answers to the right password': [statuses(right), '403'],
    'kinds of answers, with those to the right password': [
      kindsOf([...answers, ...right], servers),
      servers.length,
    ],
    'answers to the pass': [statuses(stillGood), '200'],
  });
}

async function refusalsBy({ port }: AppServer, uuid: string): Promise<Refusals> {
  return JSON.parse((await ask(port, `/refusals/${uuid}`)).body) as Refusals;
}

const statuses = (answers: readonly WholeAnswer[]): string =>
  [...new Set(answers.map(({ status }) => String(status)))].join();

/** Each server has one kind, to the byte, where the servers' platforms differ. */
const kindsOf = (answers: readonly WholeAnswer[], servers: readonly AppServer[]): number =>
  new Set(answers.map((answer, index) => JSON.stringify([answer, index % servers.length]))).size;
