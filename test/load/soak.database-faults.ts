import { type DataSource, QueryFailedError } from 'typeorm';
import { aroundQueries } from '../support/around-queries.js';
import { lostFaults, type MakeFault, undoneFaults } from '../support/driver-faults.js';
import { isClaim, isRelease, isStamp } from '../support/statement-kinds.js';
import type { Chance } from './soak.chance.js';

/** One fault of a statement, after which the next try succeeds: it changes nothing of what becomes of the ticket. */
interface Fault {
  readonly make: MakeFault;
  /** The statement is run, and only its answer lost. */
  readonly isRun: boolean;
}

const undone = Object.values(undoneFaults.postgres);
const lost = Object.values(lostFaults.postgres);

/** Spoils statements on tickets, to the end of the test. */
export class DatabaseFaults {
  private readonly planned = new Map<unknown, Fault>();
  private toCommit = 0;

  constructor(dataSource: DataSource) {
    aroundQueries(dataSource, async (sql, run, parameters) => {
      const fault = this.take(sql, parameters);
      if (!fault) return run();
      if (fault.isRun) await run();
      throw new QueryFailedError(sql, [], fault.make());
    });
  }

  /** Spoils the ticket's next claim, stamp or release. */
  plan(uuid: string, chance: Chance): void {
    const isLost = chance.next() < 0.6;
    const isRun = isLost && chance.next() < 0.5;
    this.planned.set(uuid, { make: chance.oneOf(isLost ? lost : undone), isRun });
  }

  /** Loses the answer to the next COMMIT. */
  planCommit(): void {
    this.toCommit += 1;
  }

  /** Spoils no more statements than were spoilt so far. */
  clear(): void {
    this.planned.clear();
    this.toCommit = 0;
  }

  private take(sql: string, parameters: readonly unknown[]): Fault | undefined {
    if (sql === 'COMMIT' && this.toCommit > 0) {
      this.toCommit -= 1;
      return { make: lost[0]!, isRun: true };
    }
    if (!isClaim(sql) && !isStamp(sql) && !isRelease(sql)) return undefined;
    const uuid = parameters.find((value) => this.planned.has(value));
    const fault = this.planned.get(uuid);
    this.planned.delete(uuid);
    return fault;
  }
}
