/** The pending guesses at one ticket. */
interface PendingAtTicket {
  readonly ends: Set<Promise<void>>;
  /** How many of them are counted by now. */
  counted: number;
  /** Whether the last guess that is allowed was counted, and none has been right since. */
  isFull: boolean;
}

/** A guess at a ticket, from before it is counted until it is settled. */
export interface PendingGuess {
  /** @param isLast whether its ticket allows no more */
  count(isLast: boolean): void;
  /** @returns whether its ticket is locked by then */
  end(isWrong: boolean): boolean;
}

/** The guesses that this process counts and has not settled yet, by ticket: some of them may be right. */
export class PendingGuesses {
  private readonly tickets = new Map<string, PendingAtTicket>();

  begin(uuid: string): PendingGuess {
    const ticket = this.tickets.get(uuid) ?? { ends: new Set(), counted: 0, isFull: false };
    this.tickets.set(uuid, ticket);
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
        if (ticket.ends.size === 0) this.tickets.delete(uuid);
        resolve();
        if (!isCounted) return false;
        ticket.counted -= 1;
        ticket.isFull &&= isWrong;
        return ticket.isFull && ticket.counted === 0;
      },
    };
  }

  /** Waits until a guess at this ticket has ended, which may have lowered the count; `false` when there is none. */
  async oneEnded(uuid: string): Promise<boolean> {
    const ends = this.tickets.get(uuid)?.ends;
    if (!ends) return false;
    await Promise.race(ends);
    return true;
  }
}
