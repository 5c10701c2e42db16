import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../../database/after-commit.js';
import type { CleanedCounts } from '../input/clean.input.js';
import { TicketSettings } from '../ticket.settings.js';
import { HarmlessStream } from './event-stream.js';
import type { RefusalReason, TicketEventType, TicketEvent } from './ticket.event.js';

type Named<U extends string | null = string> = {
  readonly uuid: U;
  readonly place: string;
  readonly purpose: string;
};

/** Tells the app what has happened; costs nothing where nobody listens. */
@Injectable()
export class TicketEvents {
  private readonly subject = new Subject<TicketEvent>();
  /** For subscribers. */
  readonly stream: Observable<TicketEvent> = new HarmlessStream((subscriber) =>
    this.subject.subscribe(subscriber),
  );

  constructor(private readonly settings: TicketSettings) {}

  /** Whether anybody listens: what is only known for the sake of an event need not be asked for otherwise. */
  get hasSubscribers(): boolean {
    return this.subject.observed;
  }

  /** @param manager in whose transaction it was done: told when that is committed, never when it is rolled back */
  emit(type: TicketEventType, { uuid, place, purpose }: Named, manager?: EntityManager): void {
    if (!this.hasSubscribers) return;
    const instant = this.settings.now();
    afterCommit(manager?.queryRunner, () => this.subject.next({ type, uuid, place, purpose, instant }));
  }

  emitRefused({ uuid, place, purpose }: Named<string | null>, reason: RefusalReason, holder: boolean): void {
    if (!this.hasSubscribers) return;
    const instant = this.settings.now();
    this.subject.next({ type: 'refused', uuid, place, purpose, reason, holder, instant });
  }

  emitCleaned(counts: CleanedCounts): void {
    if (!this.hasSubscribers) return;
    const instant = this.settings.now();
    this.subject.next({ type: 'cleaned', uuid: null, place: null, purpose: null, counts, instant });
  }
}
