import { Injectable, Logger } from '@nestjs/common';
import { RowContestedError } from '../../database/fault.js';
import { isGuessable, type Verdict } from '../secrets/verifier.js';
import { TicketDatabase } from '../store/ticket.database.js';
import { readable, type TicketRow } from '../store/ticket.row.js';
import { TicketStore } from '../store/ticket.store.js';
import { TicketBusyError } from '../ticket.errors.js';
import { TicketSettings } from '../ticket.settings.js';
import { type GuessWatch, type PendingGuess, PendingGuesses } from './pending-guesses.js';

/** The outcome of a guess. */
export interface Guess {
  /** As it was read before the guess was counted. */
  readonly row: Row;
  readonly verdict: Verdict | 'locked';
  /** Whether it was wrong, and locks its ticket. */
  readonly locks: boolean;
}

type Row = TicketRow | undefined;

/**
 * Limits wrong guesses at passwords and codes. Each guess is counted on its row before it is checked, so that no race,
 * and no number of processes, gets one free.
 */
@Injectable()
export class GuessLimit {
  private readonly logger = new Logger('TicketOffice');
  private readonly pending = new PendingGuesses();

  constructor(
    private readonly database: TicketDatabase,
    private readonly store: TicketStore,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * Reads a ticket's row, counts a guess at it, checks that, and takes it off the count where it is right. For a ticket
   * that is unknown, locked, or has a generated secret, it sends the database the same statements, and counts nothing.
   *
   * @param check checks the guess for the row, where it can be read, against its verifier, or against nothing, at the
   * same cost
   * @throws TicketBusyError while a transaction holds the ticket's row: it may be using it up
   * @throws TicketOfficeBusyError when the database could not answer
   */
  async counted(
    uuid: string,
    check: (row: Row, verifier: string | undefined) => Promise<Verdict>,
  ): Promise<Guess> {
    const { row, guess } = await this.reserve(uuid);
    const known = readable(row);
    if (guess) return { row, ...(await this.checkCounted(uuid, () => check(known, known?.verifier), guess)) };
    if (known && isGuessable(known.verifier)) {
      await check(known, undefined);
      return { row, verdict: 'locked', locks: false };
    }
    return { row, verdict: await check(known, known?.verifier), locks: false };
  }

  private async checkCounted(
    uuid: string,
    check: () => Promise<Verdict>,
    guess: PendingGuess,
  ): Promise<Omit<Guess, 'row'>> {
    let verdict: Verdict | undefined;
    try {
      verdict = await check();
    } finally {
      // It stays counted only when it was checked and not right: not when there was no memory to check it.
      if (verdict === undefined || verdict === 'right')
        await this.uncount(uuid).finally(() => guess.end(false));
    }
    return { verdict, locks: verdict !== 'right' && guess.end(true) };
  }

  /** @returns the row, and no guess when none is allowed */
  private async reserve(uuid: string): Promise<{ row: Row; guess: PendingGuess | undefined }> {
    // From before the row is read: a right guess may be taken off the count between that and the answer.
    const rivals = this.pending.watch(uuid);
    try {
      const row = await this.store.load(uuid);
      return { row, guess: await this.reserveFor(uuid, readable(row), rivals) };
    } finally {
      rivals.end();
    }
  }

  private reserveFor(uuid: string, row: Row, rivals: GuessWatch): Promise<PendingGuess | undefined> {
    const { maxAttempts: most } = this.settings;
    // Without a row that can be read, no count is one below the limit: nothing is written.
    let known = row?.attempts ?? most;
    return this.database.withRetries(async () => {
      for (;;) {
        const guess = await this.count(uuid, known);
        if (guess) return guess;
        if (!row || !isGuessable(row.verifier)) return undefined;
        if (known >= most && !(await rivals.oneEnded())) return undefined;
        rivals.reading();
        const attempts = readable(await this.store.load(uuid))?.attempts ?? most;
        // Unchanged and still not to be had: another guess is being counted, or a transaction holds the row.
        if (attempts === known && attempts < most) throw new RowContestedError();
        known = attempts;
      }
    });
  }

  /** @param known the count so far: counted from that, each guess knows which one it is */
  private async count(uuid: string, known: number): Promise<PendingGuess | undefined> {
    const { maxAttempts: most } = this.settings;
    // Pending before it is counted: a rival may read the new count before the answer arrives here.
    const guess = known < most ? this.pending.begin(uuid) : undefined;
    let isCounted = false;
    try {
      isCounted = await this.store.tryToWin('reserveGuess', { uuid, known, most });
      if (isCounted) guess?.count(known + 1 === most);
    } finally {
      if (!isCounted) guess?.end(true);
    }
    return isCounted ? guess : undefined;
  }

  /** @throws TicketBusyError where a transaction holds the row by now: what was read of it before is out of date */
  private async uncount(uuid: string): Promise<void> {
    try {
      await this.database.withRetries(async () => {
        if (await this.store.tryToWin('returnGuess', { uuid })) return;
        if ((await this.store.load(uuid))?.attempts) throw new RowContestedError();
      });
    } catch (error) {
      this.logger.warn(`A guess at ticket ${uuid} that was not wrong stays counted`, error);
      if (error instanceof TicketBusyError) throw error;
    }
  }
}
