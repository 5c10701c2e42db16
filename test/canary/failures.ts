import { type TicketOfficeOptions, TicketService } from 'nestjs-ticketoffice';
import { QueryFailedError } from 'typeorm';
import { authorization, cookieOf } from '../invitations/ask.js';
import { aroundQueries } from '../support/around-queries.js';
import { isClaim, isRelease, isStamp } from '../support/statement-kinds.js';
import { boot } from './boot.js';
import { useAll } from './everything.js';
import type { Stage } from './flows.js';
import { misuse } from './misuse.js';

const HUMAN = 'I love Paris in its canary failures';

const statements: Record<string, (sql: string) => boolean> = {
  'an INSERT': (sql) => sql.startsWith('INSERT'),
  'a SELECT': (sql) => sql.startsWith('SELECT'),
  'the counting of a guess': (sql) => /attempts\W* \+ 1/.test(sql),
  'the return of a guess': (sql) => /attempts\W* - 1/.test(sql),
  'a claim': isClaim,
  'a stamp': isStamp,
  'a release': isRelease,
  'a COMMIT': (sql) => sql === 'COMMIT',
};

/** Does everything while statements of a kind fail. */
const failing =
  (applies: (sql: string) => boolean) =>
  async ({ gallery }: Stage): Promise<void> => {
    const issued = [await gallery.issue(), await gallery.issue({ password: HUMAN })];
    let isOver = false;
    aroundQueries(gallery.dataSource, async (sql, run, parameters) => {
      // With all that an error could have of a statement.
      if (!isOver && applies(sql)) throw new QueryFailedError(sql, [...parameters], new Error('no'));
      return run();
    });
    await useAll(
      gallery,
      issued.map(({ credentials }) => credentials),
    );
    isOver = true;
  };

/** What is done with tickets where something fails. */
export const failures: Record<string, (stage: Stage) => Promise<void>> = {
  async 'handlers throw, in any way that they can'({ gallery }) {
    for (const password of [undefined, HUMAN]) {
      const { credentials } = await gallery.issue({ password });
      const cookie = cookieOf(await gallery.ask(gallery.target('/hall', credentials)));
      for (const room of ['stairs', 'lift', 'window']) {
        await gallery.ask(`/${room}`, { method: 'POST', headers: authorization(credentials) });
        await gallery.ask(gallery.target(`/${room}`, credentials), { method: 'POST' });
        await gallery.ask(`/${room}`, { method: 'POST', headers: { Cookie: cookie } });
      }
    }
  },

  async 'the table is gone'({ gallery }) {
    const { dataSource } = gallery;
    const issued = [await gallery.issue(), await gallery.issue({ password: HUMAN })];
    const rename = (from: string, to: string) => dataSource.query(`ALTER TABLE ${from} RENAME TO ${to}`);
    await rename('ticket_office_ticket', 'tickets_elsewhere');
    await useAll(
      gallery,
      issued.map(({ credentials }) => credentials),
    );
    await rename('tickets_elsewhere', 'ticket_office_ticket');
  },

  ...Object.fromEntries(Object.entries(statements).map(([name, is]) => [`${name} fails`, failing(is)])),

  async 'input is bad, the secret in the wrong place'({ gallery, mistyped }) {
    const secrets = [
      (await gallery.issue()).credentials.password,
      mistyped('I love Paris by a canary’s mistake'),
    ];
    for (const secret of secrets) await misuse(gallery, secret);
  },

  async 'options are bad, secrets in them'({ gallery, mistyped }) {
    const secret = mistyped('canary, too short');
    const long = mistyped('a canary that is long enough for a secret');
    const faulty: unknown[] = [
      { secret },
      { secret: [long, long] },
      { secret: [long, secret] },
      { secret: { secret: long } },
      { secret: long, baseUrl: `http://me:${mistyped('canary-in-base-url')}@museum.example` },
      { secret: long, argon2: { memoryCost: secret } },
      { secret: long, now: secret },
      { secret: long, pass: { store: long } },
      { secret: long, passwordGenerator: secret },
    ];
    for (const options of faulty) await gallery.attempt(() => boot(gallery, options as TicketOfficeOptions));
  },

  async 'a password generator makes what no password can be'({ mistyped, gallery }) {
    const secret = 'a canary that is long enough for any secret';
    const made = [
      `${mistyped('canary with NUL')}\0`,
      mistyped('canary too long').repeat(100),
      [mistyped('canary in a list')],
    ];
    for (const password of made) {
      const app = await boot(gallery, { secret, passwordGenerator: () => password as string });
      await gallery.attempt(() => app.get(TicketService).issue({ place: 'louvre', purpose: 'visit' }));
      await app.close();
    }
  },
};
