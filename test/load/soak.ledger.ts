import type { Ticket } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import { Run, type Visit } from './soak.run.js';

/** What the handlers have done with the tickets of a wave. */
export class SoakLedger {
  readonly visits = new Map<string, Visit>();
  readonly runs = new Map<string, Run[]>();
  readonly faults: string[] = [];
  /** What the handlers have opened and nobody has closed, by kind. */
  readonly unclosed = new Map<string, number>();

  /** A handler begins. */
  begin(visitId: string, { uuid }: Ticket, manager?: EntityManager): Run {
    const visit = this.visits.get(visitId);
    if (!visit) throw new Error(`there is no visit ${visitId}`);
    const earlier = this.runs.get(uuid) ?? [];
    const run = new Run(visit, (what) => this.open(what), manager);
    if (visit.credentials.uuid !== uuid) this.faults.push(`${run.shape.does}: has the ticket of another`);
    for (const other of earlier) {
      if (!other.isOver) this.faults.push(`${run.shape.does}: runs beside ${other.shape.does}`);
      else if (other.outcome === 'used')
        this.faults.push(`${run.shape.does}: runs after ${other.shape.does}`);
    }
    this.runs.set(uuid, [...earlier, run]);
    return run;
  }

  runsOf(uuid: string): readonly Run[] {
    return this.runs.get(uuid) ?? [];
  }

  open(what: string): () => void {
    const count = (change: number) => this.unclosed.set(what, (this.unclosed.get(what) ?? 0) + change);
    count(1);
    let isOpen = true;
    return () => {
      if (isOpen) count(-1);
      isOpen = false;
    };
  }

  /** Handlers that are at work, and what they have left open. */
  get unfinished(): string[] {
    const runs = [...this.runs.values()].flat().filter(({ isOver }) => !isOver);
    const open = [...this.unclosed].filter(([, count]) => count > 0);
    return [
      ...runs.map(({ shape }) => `${shape.does}: never ends`),
      ...open.map(([what, count]) => `left open: ${what}, ${count} times`),
    ];
  }

  /** Forgets a wave that was judged. */
  clear(): void {
    this.visits.clear();
    this.runs.clear();
    this.faults.length = 0;
    this.unclosed.clear();
  }
}
