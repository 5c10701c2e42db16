import { DatabaseHeldError, RowTakenError } from './fault.js';

/** How long a caller waits for the queue to advance, in ms: as long as SQLite's driver would wait for the file. */
const TIMEOUT = 5000;

/** What a caller wants to write. */
export interface Write {
  /** The key of the one row, for a caller that would rather fail than wait for a transaction on it. */
  readonly row: string | undefined;
  /** Otherwise it is one statement, which is over as soon as it is sent. */
  readonly isTransaction: boolean;
}

/** Holds the queue between two writes. */
const NOBODY: Write = { row: undefined, isTransaction: false };

interface Waiting {
  readonly write: Write;
  readonly timer: NodeJS.Timeout;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Lets one transaction at a time write, and single statements in between, first come, first served: SQLite itself
 * allows one writer at a time, in no order.
 */
export class SqliteWriteQueue {
  private holder: Write | undefined;
  private waiting: Waiting[] = [];

  /**
   * Waits for its turn. A transaction keeps the turn until {@link leave}.
   *
   * @throws RowTakenError once a transaction on the same row has the turn
   * @throws DatabaseHeldError when a transaction has had the turn for 5 s
   */
  async enter(write: Write): Promise<void> {
    if (this.isTaken(write.row)) throw new RowTakenError();
    if (!this.holder && !write.isTransaction) return;
    const turn = this.wait(write);
    if (!this.holder) this.advanceSoon();
    return turn;
  }

  /** Ends the turn of a transaction. */
  leave(): void {
    this.holder = undefined;
    this.advanceSoon();
  }

  /** Whether a transaction on this row has the turn. */
  isTaken(row: string | undefined): boolean {
    return row !== undefined && this.holder?.row === row;
  }

  /**
   * Not at once: the app's own writes, which advance step by step, would meet a locked file. This leaves them a turn of
   * the event loop, enough for a transaction that waits for nothing but SQLite, whose driver is synchronous.
   */
  private advanceSoon(): void {
    if (this.waiting.length === 0) return;
    this.holder = NOBODY;
    setImmediate(() => this.advance());
  }

  private advance(): void {
    this.holder = undefined;
    const next = this.waiting.shift();
    if (!next) return;
    clearTimeout(next.timer);
    next.resolve();
    if (next.write.isTransaction) this.begin(next.write);
    else this.advanceSoon();
  }

  private begin(transaction: Write): void {
    this.holder = transaction;
    for (const other of this.waiting) {
      other.timer.refresh();
      if (this.isTaken(other.write.row)) other.reject(new RowTakenError());
    }
  }

  private wait(write: Write): Promise<void> {
    return new Promise((resolve, rejectPromise) => {
      const reject = (reason: Error) => {
        clearTimeout(waiting.timer);
        this.waiting = this.waiting.filter((other) => other !== waiting);
        rejectPromise(reason);
      };
      const timer = setTimeout(() => reject(new DatabaseHeldError()), TIMEOUT);
      const waiting = { write, timer, resolve, reject };
      this.waiting.push(waiting);
    });
  }
}
