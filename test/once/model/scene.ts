import type {
  CredentialsLike,
  IssuedTicket,
  IssueInput,
  RedemptionWork,
  Ticket,
  TicketService,
} from 'nestjs-ticketoffice';
import type { DataSource } from 'typeorm';
import { TestClock } from '../../support/clock.js';
import type { TestDatabase } from '../../support/databases.js';
import { startOffice } from '../../support/office.js';
import { Deed } from './deed.entity.js';

/** The part of the {@link TicketService} that tickets go through; naive doubles have one of their own. */
export interface Office extends Pick<TicketService, 'find' | 'claim' | 'revoke' | 'reissue' | 'reopen'> {
  issue(input: IssueInput): Promise<IssuedTicket>;
  authenticate(credentials: CredentialsLike, place: string, purpose: string): Promise<Ticket>;
  redeem<T, R>(
    presented: CredentialsLike | Ticket<T>,
    place: string,
    purpose: string,
    work: RedemptionWork<T, R>,
  ): Promise<R>;
}

/** An office, what all tell the time by, and where to look what was written. */
export interface Scene {
  readonly office: Office;
  readonly clock: TestClock;
  readonly dataSource: DataSource;
  /** In ms; `null`: a claim holds for ever. */
  readonly abandonedAfter: number | null;
}

/** Closes as ticket offices do. */
export async function startScene(database: TestDatabase, abandonedAfter: number | null): Promise<Scene> {
  const clock = new TestClock();
  const options = { now: clock.now, abandonedAfter };
  const { tickets, dataSource } = await startOffice(database, options, { entities: [Deed] });
  return { office: tickets, clock, dataSource, abandonedAfter };
}
