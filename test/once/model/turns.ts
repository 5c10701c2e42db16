import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scheduler } from 'fast-check';
import type { DataSource } from 'typeorm';
import { aroundQueries } from '../../support/around-queries.js';

/** Somebody who acts at the same time as others. */
export interface Speaker {
  /** Says what it is about, for whoever reads a schedule. */
  readonly topic: string;
  /** Is told of every statement that it sends. */
  sends: (parameters: readonly unknown[]) => void;
}

type Run = () => Promise<unknown>;

/**
 * Lets parties send their statements one at a time, in an order that fast-check makes up, and can shrink. Only while
 * somebody is in a transaction, on which the others may have to wait in the database, are they let go on at once.
 */
export class Turns {
  private static readonly speaking = new AsyncLocalStorage<{ turns: Turns; speaker: Speaker } | undefined>();

  private readonly running = new Set<Speaker>();
  private readonly transacting = new Set<Speaker>();
  /** Have rolled back, and may look at the row before they let go of the connection, for which others wait. */
  private readonly rolledBack = new Set<Speaker>();
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** From now to the end of the test, holds up every statement of who takes turns. */
  static takeOver(dataSource: DataSource): void {
    aroundQueries(dataSource, (sql, run, parameters) => {
      const { turns, speaker } = Turns.speaking.getStore() ?? {};
      return turns && speaker ? turns.take(speaker, sql, run, parameters) : run();
    });
  }

  /** Looks at the database out of turn. */
  static aside<T>(look: () => Promise<T>): Promise<T> {
    return Turns.speaking.run(undefined, look);
  }

  async all<S extends Speaker>(
    speakers: readonly S[],
    act: (speaker: S, index: number) => Promise<void>,
  ): Promise<void> {
    for (const speaker of speakers) this.running.add(speaker);
    const acts = speakers.map((speaker, index) =>
      Turns.speaking
        .run({ turns: this, speaker }, () => act(speaker, index))
        .finally(() => this.pause(speaker)),
    );
    // Not before all have said what they want first: else the order would be theirs.
    await this.othersPaused();
    await this.scheduler.waitFor(Promise.all(acts));
  }

  private async take(
    speaker: Speaker,
    sql: string,
    run: Run,
    parameters: readonly unknown[],
  ): Promise<unknown> {
    if (this.rolledBack.delete(speaker) && sql.startsWith('SELECT')) return run();
    if (/^(BEGIN|START)\b/.test(sql)) this.transacting.add(speaker);
    const turn = this.scheduler.schedule(
      Promise.resolve(),
      `${speaker.topic}: ${kind(sql)}`,
      undefined,
      async (go) => {
        this.running.add(speaker);
        await go();
        await this.othersPaused();
      },
    );
    this.pause(speaker);
    await turn;
    speaker.sends(parameters);
    return run().finally(() => {
      if (/^(COMMIT|ROLLBACK)\b/.test(sql)) this.transacting.delete(speaker);
      if (sql === 'ROLLBACK') this.rolledBack.add(speaker);
    });
  }

  private pause(speaker: Speaker): void {
    this.running.delete(speaker);
    if (this.isQuiet) for (const go of this.waiting.splice(0)) go();
  }

  /** Resolves when all wait for their turn, or for somebody's transaction. */
  private async othersPaused(): Promise<void> {
    if (!this.isQuiet) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private get isQuiet(): boolean {
    if (this.running.size === 0) return true;
    const { transacting, running } = this;
    return transacting.size > 0 && [...transacting].every((speaker) => !running.has(speaker));
  }
}

/** `UPDATE claimId, claimedAt`: enough to tell statements apart. */
function kind(sql: string): string {
  const [verb = ''] = /^\w+/.exec(sql) ?? [];
  const changes = /\bSET\s(.*?)\sWHERE\s/s.exec(sql)?.[1] ?? '';
  return [verb, [...changes.matchAll(/[`"](\w+)[`"] =/g)].map(([, column]) => column).join(', ')]
    .join(' ')
    .trim();
}
