import { Injectable } from '@nestjs/common';
import { RowTakenError } from '../database/database.errors.js';
import { type CredentialsLike, readCredentials } from './credentials.js';
import { persistently } from './persistently.js';
import { refusal } from './refusal.js';
import { isGeneratedSecret } from './secret.js';
import type { Ticket } from './ticket.entity.js';
import { CredentialsError } from './ticket.errors.js';
import { ticketOf, type TicketRow } from './ticket.row.js';
import { TicketSettings } from './ticket.settings.js';
import { TicketStore } from './ticket.store.js';
import { Verifiers } from './verifier.js';

/** Decides who is admitted. Uses nothing up. */
@Injectable()
export class Admission {
  constructor(
    private readonly store: TicketStore,
    private readonly verifiers: Verifiers,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * @throws CredentialsError to a stranger, whatever is wrong; to a holder, why the ticket is over
   * @throws TicketBusyError while a transaction holds a ticket whose password is a human's
   */
  async byCredentials(credentials: unknown, place: string, purpose: string): Promise<Ticket> {
    const shown = readCredentials(credentials);
    if (!shown) throw new CredentialsError();
    const row = await this.store.load(shown.uuid);
    const right = isGeneratedSecret(shown.password)
      ? await this.check(shown, place, purpose, row)
      : await this.checkCounted(shown, place, purpose, row);
    if (!right || !row) throw new CredentialsError();
    return this.admit(row, place, purpose);
  }

  /**
   * Admits whoever has shown the right secret before: a pass names the ticket and the secret's generation.
   *
   * @returns nothing when that ticket is gone, or has another secret by now: the pass is as if absent
   * @throws what tells a holder why the ticket is over
   */
  async byPass(
    pass: { uuid: string; generation: number },
    place: string,
    purpose: string,
  ): Promise<Ticket | undefined> {
    const row = await this.store.load(pass.uuid);
    return row?.generation === pass.generation ? this.admit(row, place, purpose) : undefined;
  }

  private admit(row: TicketRow, place: string, purpose: string): Ticket {
    const ticket = ticketOf(row);
    if (!ticket.isAppropriate(place, purpose)) throw new CredentialsError();
    const over = refusal(ticket, this.settings.now());
    if (over) throw over;
    return ticket;
  }

  private check(shown: CredentialsLike, place: string, purpose: string, row?: TicketRow): Promise<boolean> {
    const scope = { uuid: shown.uuid, place, purpose, generation: row?.generation ?? 0 };
    return this.verifiers.check(shown.password, scope, row?.verifier);
  }

  /** A human's password can be guessed: each try is counted before it is checked, so that no race gets one free. */
  private async checkCounted(
    shown: CredentialsLike,
    place: string,
    purpose: string,
    row?: TicketRow,
  ): Promise<boolean> {
    const isAllowed = await this.count(shown.uuid, row);
    // Counted for good only when it was checked and wrong: not when it was right, nor when there was no memory.
    let wrong = false;
    try {
      wrong = !(await this.check(shown, place, purpose, isAllowed ? row : undefined));
      return !wrong;
    } finally {
      if (isAllowed && !wrong) await this.store.win('returnGuess', { uuid: shown.uuid });
    }
  }

  /**
   * @returns whether another guess is allowed
   * @throws TicketBusyError while a transaction holds the ticket's row: it may be using it up
   */
  private count(uuid: string, row?: TicketRow): Promise<boolean> {
    const { maxAttempts: most } = this.settings;
    const isLocked = (known?: TicketRow) => !known || known.attempts >= most;
    const attempt = async (): Promise<boolean> => {
      if (await this.store.tryToWin('reserveGuess', { uuid, most })) return true;
      if (isLocked(row) || isLocked(await this.store.load(uuid))) return false;
      throw new RowTakenError();
    };
    return persistently(attempt, { isRepeatable: false });
  }
}
