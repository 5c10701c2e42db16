import { Injectable, Logger } from '@nestjs/common';
import { type Argon2, Argon2Desk } from './argon2.desk.js';
import { GuessLimit } from './guess.limit.js';
import { type Presentation, scopeOf } from './presentation.js';
import { TicketEvents } from './ticket.events.js';
import type { TicketRow } from './ticket.row.js';
import { TicketStore } from './ticket.store.js';
import { type Verdict, Verifiers } from './verifier.js';

/** What a check has found, and on which row. */
export interface Finding {
  readonly row: TicketRow | undefined;
  readonly verdict: Verdict | 'locked';
}

/** Checks what humans can remember, and so can guess: in a turn at argon2, and counted. */
@Injectable()
export class HumanCheck {
  private readonly logger = new Logger('TicketOffice');

  constructor(
    private readonly desk: Argon2Desk,
    private readonly store: TicketStore,
    private readonly limit: GuessLimit,
    private readonly verifiers: Verifiers,
    private readonly events: TicketEvents,
  ) {}

  /**
   * All of it is done in the turn: who waits has not been counted, and knows the row only when its time has come.
   *
   * @param leaving see {@link Argon2Desk.inTurn}
   * @throws TicketBusyError while a transaction holds the ticket's row
   * @throws TicketOfficeBusyError when too many are waiting
   */
  check(shown: Presentation, leaving?: () => AbortSignal): Promise<Finding> {
    return this.desk.inTurn(async (argon2) => {
      const row = await this.store.load(shown.uuid);
      const guess = await this.limit.reserve(shown.uuid, row);
      if (guess) return { row, verdict: await this.checkCounted(argon2, shown, row, guess.isLast) };
      await this.verifiers.checkHuman(argon2, shown.password, scopeOf(shown, row), undefined);
      return { row, verdict: 'locked' };
    }, leaving);
  }

  private async checkCounted(
    argon2: Argon2,
    shown: Presentation,
    row: TicketRow | undefined,
    isLast: boolean,
  ): Promise<Verdict> {
    let verdict: Verdict | undefined;
    try {
      verdict = await this.verifiers.checkHuman(argon2, shown.password, scopeOf(shown, row), row?.verifier);
    } finally {
      // Counted for good only when it was checked, and not right: not when there was no memory.
      if (verdict === undefined || verdict === 'right') await this.limit.giveBack(shown.uuid);
    }
    if (row && verdict === 'right') await this.raise(argon2, shown, row);
    else if (row && isLast) this.events.tell('locked', row);
    return verdict;
  }

  /** A ticket that is used once needs no better hash so urgently that its guest should hear of it. */
  private async raise(argon2: Argon2, shown: Presentation, row: TicketRow): Promise<void> {
    const { uuid, generation, verifier: outdated } = row;
    try {
      const verifier = await this.verifiers.raise(argon2, shown.password, scopeOf(shown, row), outdated);
      if (verifier !== undefined)
        await this.store.tryToWin('renewVerifier', { uuid, generation, verifier, outdated });
    } catch (error) {
      this.logger.warn(`The password of ticket ${uuid} keeps its cheaper hash for now`, error);
    }
  }
}
