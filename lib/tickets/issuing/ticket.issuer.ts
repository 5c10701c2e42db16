import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Duplicates } from './duplicates.js';
import { TicketEvents } from '../events/ticket.events.js';
import type { InputRules } from '../definitions/defined-input.js';
import { assertIssueInput, ISSUE_NAMES, type IssueInput, issueProblems } from '../input/issue.input.js';
import { OwnColumns } from '../own-columns.js';
import { TicketStore } from '../store/ticket.store.js';
import { issued, type IssuedTicket, TicketDrafts } from './ticket.drafts.js';
import { TicketSettings } from '../ticket.settings.js';
import { uuidAt } from './ticket.uuid.js';

/** Issues one ticket: checks the input, makes the secret, and writes the row. */
@Injectable()
export class TicketIssuer implements InputRules {
  constructor(
    private readonly store: TicketStore,
    private readonly duplicates: Duplicates,
    private readonly drafts: TicketDrafts,
    private readonly own: OwnColumns,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  get names(): readonly string[] {
    return [...ISSUE_NAMES, ...this.own.inputs];
  }

  /** What is wrong with an input: one sentence for each problem. */
  problems(input: unknown): string[] {
    return issueProblems(input, this.settings.now(), this.settings.maxAttempts, this.own);
  }

  async issue<T>(input: IssueInput<T>, manager?: EntityManager): Promise<IssuedTicket<T>> {
    const now = this.settings.now();
    assertIssueInput(input, now, this.settings.maxAttempts, this.own);
    const { onDuplicate = 'allow' } = input;
    if (onDuplicate === 'allow') this.store.assertManager('issue()', manager);
    else this.duplicates.assertManager(manager);
    // Before the row is written, and so before a lock is held: a password takes a while to hash.
    const draft = this.drafts.draft(input);
    const row = await this.drafts.row(draft, uuidAt(now), now);
    const written =
      onDuplicate === 'allow'
        ? await this.store.insert(row, manager)
        : await this.duplicates.insert(row, onDuplicate, manager);
    this.events.emit('issued', row, manager);
    return issued<T>(written, draft);
  }
}
