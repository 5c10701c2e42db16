import { Injectable } from '@nestjs/common';
import { RowTakenError } from '../database/database.errors.js';
import { persistently } from './persistently.js';
import type { TicketRow } from './ticket.row.js';
import { TicketSettings } from './ticket.settings.js';
import { TicketStore } from './ticket.store.js';

/** A guess that was counted, and may be checked. */
export interface Guess {
  /** Whether it locks its ticket, if it is wrong. */
  readonly isLast: boolean;
}

/**
 * The limit of wrong guesses at what humans can remember. Each is counted on its row before it is checked, so that no
 * race, and no number of processes, gets one free.
 */
@Injectable()
export class GuessLimit {
  constructor(
    private readonly store: TicketStore,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * Counts a guess. Of a ticket that is unknown, or locked, it asks the database the same.
   *
   * @param row as it was just read
   * @returns nothing when no guess is allowed
   * @throws TicketBusyError while a transaction holds the ticket's row: it may be using it up
   */
  reserve(uuid: string, row: TicketRow | undefined): Promise<Guess | undefined> {
    const { maxAttempts: most } = this.settings;
    let known = row?.attempts ?? 0;
    const attempt = async (): Promise<Guess | undefined> => {
      for (;;) {
        // Counted from what is known, so that each guess knows which one it is.
        if (await this.store.tryToWin('reserveGuess', { uuid, known, most }))
          return { isLast: known + 1 === most };
        if (!row || known >= most) return undefined;
        const current = await this.store.load(uuid);
        if (!current || current.attempts >= most) return undefined;
        // Not changed, and yet not to be had: by a transaction that holds it.
        if (current.attempts === known) throw new RowTakenError();
        known = current.attempts;
      }
    };
    return persistently(attempt, { isRepeatable: false });
  }

  /** Gives the count of a guess back that was right, or was never checked. */
  async giveBack(uuid: string): Promise<void> {
    await this.store.win('returnGuess', { uuid });
  }
}
