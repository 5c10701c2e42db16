/** The pending guesses at one ticket. */
interface PendingAtTicket {
  readonly ends: Set<Promise<void>>;
  /** How many of them are counted by now. */
  counted: number;
  /** Whether the last guess that is allowed was counted, and none has been right since. */
  isFull: boolean;
  /** How many guesses have ended, for those that watch. */
  ended: number;
  /** How many guesses watch the others. */
  watches: number;
}

/** A guess at a ticket, from before it is counted until it is settled. */
export interface PendingGuess {
  /** @param isLast whether its ticket allows no more */
  count(isLast: boolean): void;
  /** @returns whether its ticket is locked by then */
  end(isWrong: boolean): boolean;
}

/** Tells of the guesses at a ticket that end after its count was read: they may have lowered it. */
export interface GuessWatch {
  /** To be called before each reading of the count. */
  reading(): void;
  /** Waits until a guess has ended since the reading; `false` when there is none. */
  oneEnded(): Promise<boolean>;
  /** To be called once; nothing is known of the ticket's guesses afterwards, unless some are pending. */
  end(): void;
}

/** The guesses that this process counts and has not settled yet, by ticket: some of them may be right. */
export class PendingGuesses {
  private readonly tickets = new Map<string, PendingAtTicket>();

  begin(uuid: string): PendingGuess {
    const ticket = this.at(uuid);
    let resolve!: () => void;
    const ended = new Promise<void>((resolved) => (resolve = resolved));
    ticket.ends.add(ended);
    let isCounted = false;
    return {
      count: (isLast) => {
        isCounted = true;
        ticket.counted += 1;
        ticket.isFull ||= isLast;
      },
      end: (isWrong) => {
        ticket.ends.delete(ended);
        ticket.ended += 1;
        this.forgetUnused(uuid, ticket);
        resolve();
        if (!isCounted) return false;
        ticket.counted -= 1;
        ticket.isFull &&= isWrong;
        if (ticket.counted > 0) return false;
        const isLocked = ticket.isFull;
        // After a reissue, all guesses are allowed again.
        ticket.isFull = false;
        return isLocked;
      },
    };
  }

  /** To be called before the ticket's row is read. */
  watch(uuid: string): GuessWatch {
    const ticket = this.at(uuid);
    ticket.watches += 1;
    let { ended } = ticket;
    return {
      reading: () => void ({ ended } = ticket),
      oneEnded: async () => {
        if (ticket.ended === ended && ticket.ends.size > 0) await Promise.race(ticket.ends);
        return ticket.ended > ended;
      },
      end: () => {
        ticket.watches -= 1;
        this.forgetUnused(uuid, ticket);
      },
    };
  }

  private at(uuid: string): PendingAtTicket {
    const known = this.tickets.get(uuid);
    if (known) return known;
    const ticket = { ends: new Set<Promise<void>>(), counted: 0, isFull: false, ended: 0, watches: 0 };
    this.tickets.set(uuid, ticket);
    return ticket;
  }

  private forgetUnused(uuid: string, { ends, watches }: PendingAtTicket): void {
    if (ends.size === 0 && watches === 0) this.tickets.delete(uuid);
  }
}
