import type { Claim, Credentials, Ticket, TicketService } from 'nestjs-ticketoffice';
import { type DataSource, In } from 'typeorm';
import type { TestClock } from '../../support/clock.js';
import { rawRow } from '../../support/ticket-office.js';
import { Deed } from './deed.entity.js';
import type { ModelTicket } from './ticket.model.js';

/** The part of the {@link TicketService} that tickets go through; naive doubles have one of their own. */
export type Office = Pick<
  TicketService,
  'issue' | 'authenticate' | 'claim' | 'redeem' | 'revoke' | 'reissue' | 'reopen'
>;

/** The tickets in earnest, and what the guests have in their hands: in the same order as in the model. */
export class Louvre {
  /** Of each ticket, all secrets that it ever had. */
  readonly secrets: Credentials[][] = [];
  readonly admissions: Ticket[] = [];
  readonly claims: Claim[] = [];
  private readonly claimIds: string[] = [];

  constructor(
    readonly office: Office,
    readonly clock: TestClock,
    private readonly dataSource: DataSource,
  ) {}

  uuid(ticket: number): string {
    return this.secrets[ticket]![0]!.uuid;
  }

  /** What the database has, in the words of the model. */
  async rows(): Promise<ModelTicket[]> {
    const uuids = this.secrets.map((_, ticket) => this.uuid(ticket));
    const deeds = await this.dataSource.manager.findBy(Deed, { ticket: In(uuids) });
    const rows = await Promise.all(uuids.map((uuid) => rawRow(this.dataSource, uuid)));
    return rows.map((row) => ({
      generation: row['generation'] as number,
      claim: row['claimId'] === null ? null : { id: this.nameOf(row), since: Number(row['claimedAt']) },
      expiresAt: instant(row['expiresAt']),
      usedAt: instant(row['usedAt']),
      revokedAt: instant(row['revokedAt']),
      deeds: deeds.filter(({ ticket }) => ticket === row['uuid']).length,
    }));
  }

  /** Ids are random: named in the order in which they are first seen, as in the model. */
  private nameOf({ claimId }: Record<string, unknown>): number {
    if (!this.claimIds.includes(claimId as string)) this.claimIds.push(claimId as string);
    return this.claimIds.indexOf(claimId as string);
  }
}

// PostgreSQL's driver hands a bigint over as a string.
const instant = (value: unknown): number | null => (value === null ? null : Number(value));
