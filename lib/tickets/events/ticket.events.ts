import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../../database/after-commit.js';
import type { CleanedCounts } from '../input/clean.input.js';
import type { Scope } from '../scope.js';
import { TicketSettings } from '../ticket.settings.js';
import { HarmlessStream } from './event-stream.js';
import type { RefusalReason, TicketDeed, TicketEvent } from './ticket.event.js';

/** Emits events; costs nothing without subscribers. */
@Injectable()
export class TicketEvents {
  private readonly subject = new Subject<TicketEvent>();
  /** For the app's subscribers. */
  readonly stream: Observable<TicketEvent> = new HarmlessStream((subscriber) =>
    this.subject.subscribe(subscriber),
  );

  constructor(private readonly settings: TicketSettings) {}

  /** Whether it is worth reading what only an event needs. */
  get hasSubscribers(): boolean {
    return this.subject.observed;
  }

  /** @param manager of the transaction that made the change: the event is emitted after its commit, or never */
  emit(
    type: TicketDeed,
    { uuid, place, purpose }: Scope & { readonly uuid: string },
    manager?: EntityManager,
  ): void {
    if (!this.hasSubscribers) return;
    const instant = this.settings.now();
    afterCommit(manager?.queryRunner, () => this.subject.next({ type, uuid, place, purpose, instant }));
  }

  emitRefused(uuid: string | null, { place, purpose }: Scope, reason: RefusalReason, holder: boolean): void {
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
