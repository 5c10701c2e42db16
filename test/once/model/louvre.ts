import type { Claim, Credentials, Ticket } from 'nestjs-ticketoffice';
import { In } from 'typeorm';
import type { TestClock } from '../../support/clock.js';
import { rawRow } from '../../support/office.js';
import { Deed } from './deed.entity.js';
import type { Office, Scene } from './scene.js';
import type { ModelTicket } from './ticket.model.js';

/** The tickets in earnest, and what the guests have in their hands: in the same order as in the model. */
export class Louvre {
  /** Of each ticket, all secrets that it ever had. */
  readonly secrets: Credentials[][] = [];
  readonly admissions: Ticket[] = [];
  readonly claims: Claim[] = [];
  private readonly claimIds: string[] = [];

  constructor(private readonly scene: Scene) {}

  get office(): Office {
    return this.scene.office;
  }

  get clock(): TestClock {
    return this.scene.clock;
  }

  uuid(ticket: number): string {
    return this.secrets[ticket]![0]!.uuid;
  }

  /** What the database has, in the words of the model. */
  async rows(): Promise<ModelTicket[]> {
    const { dataSource } = this.scene;
    const uuids = this.secrets.map((_, ticket) => this.uuid(ticket));
    const deeds = await dataSource.manager.findBy(Deed, { ticket: In(uuids) });
    const rows = await Promise.all(uuids.map((uuid) => rawRow(dataSource, uuid)));
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
