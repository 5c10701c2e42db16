import { DatabaseHeldError, RowTakenError } from './fault.js';

/** How long who stands in line waits for it to move on, in ms: as long as SQLite's driver would, for all of it. */
const QUEUE_TIMEOUT = 5000;

/** What somebody wants to write. */
export interface Turn {
  /** The key of the one row to be changed, if they would rather fail than wait for a transaction on it. */
  readonly row: string | undefined;
  /** Or else a single statement, which is over as soon as it is sent. */
  readonly isTransaction: boolean;
}

/** Who has the turn while the line moves on. */
const NOBODY: Turn = { row: undefined, isTransaction: false };

interface Waiting {
  readonly turn: Turn;
  readonly timer: NodeJS.Timeout;
  readonly go: () => void;
  readonly leave: (reason: Error) => void;
}

/**
 * Lets one transaction at a time write, and single statements between, in the order of their coming: that is all that
 * SQLite does, and it knows no order.
 */
export class SqliteWriteQueue {
  private holder: Turn | undefined;
  private waiting: Waiting[] = [];

  /**
   * Waits for its turn; that of a transaction lasts until {@link pass}.
   *
   * @throws RowTakenError once a transaction on the same row has its turn
   * @throws DatabaseHeldError when one has had its turn for 5 s
   */
  async take(turn: Turn): Promise<void> {
    if (this.isTaken(turn.row)) throw new RowTakenError();
    if (!this.holder && !turn.isTransaction) return;
    const turned = this.wait(turn);
    if (!this.holder) this.moveOnSoon();
    return turned;
  }

  /** Ends the turn of a transaction. */
  pass(): void {
    this.holder = undefined;
    this.moveOnSoon();
  }

  /** Whether a transaction on this row has its turn. */
  isTaken(row: string | undefined): boolean {
    return row !== undefined && this.holder?.row === row;
  }

  /**
   * Not at once: writes of the app's own that are under way, step by step, would meet a locked file. In a turn of the
   * event loop of its own, a transaction that waits for nothing but SQLite, which makes nobody wait, has it to itself.
   */
  private moveOnSoon(): void {
    if (this.waiting.length === 0) return;
    this.holder = NOBODY;
    setImmediate(() => this.moveOn());
  }

  private moveOn(): void {
    this.holder = undefined;
    const next = this.waiting.shift();
    if (!next) return;
    clearTimeout(next.timer);
    next.go();
    if (next.turn.isTransaction) this.begin(next.turn);
    else this.moveOnSoon();
  }

  private begin(turn: Turn): void {
    this.holder = turn;
    for (const other of this.waiting) {
      other.timer.refresh();
      if (this.isTaken(other.turn.row)) other.leave(new RowTakenError());
    }
  }

  private wait(turn: Turn): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (reason: Error) => {
        clearTimeout(waiting.timer);
        this.waiting = this.waiting.filter((other) => other !== waiting);
        reject(reason);
      };
      const timer = setTimeout(() => leave(new DatabaseHeldError()), QUEUE_TIMEOUT);
      const waiting = { turn, timer, go: resolve, leave };
      this.waiting.push(waiting);
    });
  }
}
