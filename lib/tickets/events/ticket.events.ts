import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../../database/after-commit.js';
import type { CleanedCounts } from '../input/clean.input.js';
import { TicketSettings } from '../ticket.settings.js';
import { HarmlessStream } from './event-stream.js';
import type { RefusalReason, TicketDeed, TicketEvent } from './ticket.event.js';

type Named<U extends string | null = string> = {
  readonly uuid: U;
  readonly place: string;
  readonly purpose: string;
};

/** Tells the app what has happened; costs nothing where nobody listens. */
@Injectable()
export class TicketEvents {
  private readonly told = new Subject<TicketEvent>();
  /** For subscribers. */
  readonly stream: Observable<TicketEvent> = new HarmlessStream((subscriber) =>
    this.told.subscribe(subscriber),
  );

  constructor(private readonly settings: TicketSettings) {}

  /** Whether anybody listens: what is only known for the sake of an event need not be asked for otherwise. */
  get isHeard(): boolean {
    return this.told.observed;
  }

  /** @param manager in whose transaction it was done: told when that is committed, never when it is rolled back */
  tell(type: TicketDeed, { uuid, place, purpose }: Named, manager?: EntityManager): void {
    if (!this.isHeard) return;
    const instant = this.settings.now();
    afterCommit(manager?.queryRunner, () => this.told.next({ type, uuid, place, purpose, instant }));
  }

  tellRefused({ uuid, place, purpose }: Named<string | null>, reason: RefusalReason, holder: boolean): void {
    if (!this.isHeard) return;
    const instant = this.settings.now();
    this.told.next({ type: 'refused', uuid, place, purpose, reason, holder, instant });
  }

  tellCleaned(counts: CleanedCounts): void {
    if (!this.isHeard) return;
    const instant = this.settings.now();
    this.told.next({ type: 'cleaned', uuid: null, place: null, purpose: null, counts, instant });
  }
}
