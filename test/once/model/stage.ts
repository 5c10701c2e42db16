import type { Credentials, Ticket } from 'nestjs-ticketoffice';
import type { TestClock } from '../../support/clock.js';
import { rawRow } from '../../support/office.js';
import { Deed } from './deed.entity.js';
import { EXPIRES_IN } from './durations.js';
import type { Call, History } from './history.js';
import type { Office, Scene } from './scene.js';
import { Turns } from './turns.js';

/** Where parties meet: an office, one ticket, and the record of all that happens to it. */
export class Stage {
  readonly calls: Call[] = [];
  private readonly usedAt: (number | null)[] = [];
  private happened = 0;

  private constructor(
    private readonly scene: Scene,
    /** All that the ticket has had, newest last. */
    readonly secrets: Credentials[],
    private readonly expiresAt: number,
  ) {}

  static async set(scene: Scene): Promise<Stage> {
    const visit = { place: 'louvre', purpose: 'visit', expiresIn: EXPIRES_IN };
    const { ticket, credentials } = await scene.office.issue(visit);
    return new Stage(scene, [credentials], ticket.expiresAt!.getTime());
  }

  get office(): Office {
    return this.scene.office;
  }

  get clock(): TestClock {
    return this.scene.clock;
  }

  get uuid(): string {
    return this.secrets[0]!.uuid;
  }

  admit(): Promise<Ticket> {
    return this.office.authenticate(this.secrets.at(-1)!, 'louvre', 'visit');
  }

  /** Counts what happens. */
  next(): number {
    this.happened += 1;
    return this.happened;
  }

  begin(call: Pick<Call, 'party' | 'name' | 'generation' | 'taking'>): Call {
    // So that no two stamps are of the same instant.
    this.clock.advance(1);
    const [from, at] = [this.next(), this.clock.now().getTime()];
    const begun = {
      ...call,
      from,
      at,
      until: Infinity,
      answeredAt: at,
      answer: undefined,
      claimIds: new Set<string>(),
    };
    this.calls.push(begun);
    return begun;
  }

  async end(call: Call, answer: unknown): Promise<void> {
    Object.assign(call, { answer, until: this.next(), answeredAt: this.clock.now().getTime() });
    await Turns.aside(() => this.look());
  }

  async history(): Promise<History> {
    const { claimId } = await this.look();
    const deeds = await this.scene.dataSource.manager.findBy(Deed, { ticket: this.uuid });
    return {
      calls: this.calls,
      expiresAt: this.expiresAt,
      abandonedAfter: this.scene.abandonedAfter,
      usedAt: this.usedAt,
      claimId: claimId as string | null,
      deeds: deeds.map(({ doer }) => doer),
    };
  }

  private async look(): Promise<Record<string, unknown>> {
    const row = await rawRow(this.scene.dataSource, this.uuid);
    this.usedAt.push(row['usedAt'] === null ? null : Number(row['usedAt']));
    return row;
  }
}
