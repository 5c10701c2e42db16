import type { Claim, Ticket } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { generationOf } from '../../../lib/tickets/store/ticket.row.js';
import { Deed } from './deed.entity.js';
import { ABANDONED_AFTER, EXPIRES_IN } from './durations.js';
import { type Call, doerOf } from './history.js';
import type { Act, Script } from './scripts.js';
import type { Stage } from './stage.js';
import { answerOf, WorkFailedError } from './step.js';
import type { Speaker } from './turns.js';

/** The random ids of claims; the names of tickets have version 7. */
const VERSION_4 = /^[\da-f]{8}-[\da-f]{4}-4/;

/** Somebody who was admitted, and what they have in their hands. */
export class Party implements Speaker {
  private claim: { readonly held: Claim; readonly taking: Call } | undefined;
  private current: Call | undefined;

  private constructor(
    private readonly name: string,
    private readonly stage: Stage,
    private ticket: Ticket,
  ) {}

  static async admit(name: string, stage: Stage): Promise<Party> {
    return new Party(name, stage, await stage.admit());
  }

  get topic(): string {
    return `${this.name}, ${this.current?.name}`;
  }

  sends(parameters: readonly unknown[]): void {
    const ids = parameters.map(String).filter((parameter) => VERSION_4.test(parameter));
    for (const id of ids) this.current?.claimIds.add(id);
  }

  async play(script: Script): Promise<void> {
    for (const act of script) if (this.claim || !NEEDS_CLAIM.has(act)) await this.perform(act);
  }

  private async perform(act: Act): Promise<void> {
    const { name, stage, ticket, claim } = this;
    const taking = NEEDS_CLAIM.has(act) ? claim?.taking : undefined;
    this.current = stage.begin({ party: name, name: act, generation: generationOf(ticket)!, taking });
    // An error that nobody foresees is an answer, too: the invariants find fault with it.
    const answer = await answerOf(this.acts[act](this.current)).catch(String);
    await stage.end(this.current, answer);
  }

  private readonly acts: Record<Act, (call: Call) => Promise<unknown>> = {
    authenticate: async () => {
      this.ticket = await this.stage.admit();
    },
    claim: async (taking) => {
      const held = await this.stage.office.claim(this.ticket);
      taking.hold = { from: this.stage.next(), until: Infinity };
      this.claim = { held, taking };
    },
    stamp: () => this.claim!.held.stamp(),
    release: async ({ from }) => {
      const { held, taking } = this.claim!;
      taking.hold!.until = Math.min(taking.hold!.until, from);
      await held.release();
    },
    crash: async () => {
      this.claim = undefined;
    },
    redeem: (call) => this.redeem(call, () => undefined),
    'redeem and fail': (call) =>
      this.redeem(call, () => {
        throw new WorkFailedError();
      }),
    revoke: () => this.stage.office.revoke(this.stage.uuid),
    reissue: async () => {
      this.stage.secrets.push((await this.stage.office.reissue(this.stage.uuid)).credentials);
    },
    reopen: () => this.stage.office.reopen(this.stage.uuid),
    'wait until claims are abandoned': async () => this.stage.clock.advance(ABANDONED_AFTER),
    'wait until it expires': async () => this.stage.clock.advance(EXPIRES_IN),
  };

  private redeem(call: Call, end: () => void): Promise<void> {
    const { office, uuid } = this.stage;
    const work = async (_: unknown, manager: EntityManager) => {
      const from = this.stage.next();
      await manager.insert(Deed, { ticket: uuid, doer: doerOf(call) });
      call.hold = { from, until: this.stage.next() };
      end();
    };
    return office.redeem(this.ticket, 'louvre', 'visit', work);
  }
}

const NEEDS_CLAIM: ReadonlySet<Act> = new Set(['stamp', 'release', 'crash']);
