import { randomBytes } from 'node:crypto';
import { argon2id, hash, verify } from 'argon2';
import type { TicketService } from 'nestjs-ticketoffice';
import type { Pool } from 'pg';
import { openPool } from '../pool.js';
import { PLACE, PURPOSE } from '../settings.js';
import { COST } from './plan.js';

export const PASSWORD = 'I love Paris';

/** What a guest presents. */
export interface Presented {
  readonly uuid: string;
  readonly password: string;
}

/** Checks credentials; rejects unless they are right. */
export type Check = (credentials: Presented) => Promise<unknown>;

/** The tickets and checks to compare. */
export interface Subjects {
  /** Tickets with a human password; more than are checked at once, so that no two checks meet on a row. */
  readonly human: readonly Presented[];
  /** One more, which the guesses will lock. */
  readonly guessed: Presented;
  /** A ticket with a generated secret. */
  readonly generated: Presented;
  readonly authenticate: Check;
  /** The hash by itself: `argon2.verify` of a digest with the same parameters, and a key. */
  readonly bare: () => Promise<unknown>;
  /** For checks by hand. */
  readonly pool: Pool;
}

export async function makeSubjects(tickets: TicketService, url: string): Promise<Subjects> {
  const ticket = { place: PLACE, purpose: PURPOSE, expiresIn: '1h' } as const;
  const issue = async () => (await tickets.issue({ ...ticket, password: PASSWORD })).credentials;
  const human = await Promise.all(Array.from({ length: 8 }, issue));
  const { credentials: generated } = await tickets.issue(ticket);
  const key = randomBytes(32);
  const digest = await hash(PASSWORD, { ...COST, type: argon2id, secret: key });
  return {
    human,
    guessed: await issue(),
    generated,
    authenticate: (credentials) => tickets.authenticate(credentials, PLACE, PURPOSE),
    pool: openPool(url),
    bare: async () => {
      if (!(await verify(digest, PASSWORD, { secret: key }))) throw new Error('The bare check has failed');
    },
  };
}
