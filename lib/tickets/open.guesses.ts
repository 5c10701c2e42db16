/** Those at one ticket. */
interface OpenAtTicket {
  readonly ends: Set<Promise<void>>;
  /** Whether the last guess that is allowed is among them, or was, and none has been right since. */
  isFull: boolean;
}

/** Ends a guess; says whether its ticket is locked by then. */
export type EndGuess = (isWrong: boolean) => boolean;

/** The guesses that this process has counted and not settled yet, by their tickets: some of them may be right. */
export class OpenGuesses {
  private readonly tickets = new Map<string, OpenAtTicket>();

  /** @param isLast whether its ticket allows no more */
  begin(uuid: string, isLast: boolean): EndGuess {
    const ticket = this.tickets.get(uuid) ?? { ends: new Set(), isFull: false };
    this.tickets.set(uuid, ticket);
    let resolve!: () => void;
    const end = new Promise<void>((resolved) => (resolve = resolved));
    ticket.ends.add(end);
    ticket.isFull ||= isLast;
    return (isWrong) => {
      ticket.ends.delete(end);
      if (ticket.ends.size === 0) this.tickets.delete(uuid);
      resolve();
      ticket.isFull &&= isWrong;
      return ticket.isFull && ticket.ends.size === 0;
    };
  }

  /** Waits until a guess at this ticket is settled, whose count may be back then; `false` when there is none. */
  async oneSettled(uuid: string): Promise<boolean> {
    const ends = this.tickets.get(uuid)?.ends;
    if (!ends) return false;
    await Promise.race(ends);
    return true;
  }
}
