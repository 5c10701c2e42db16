import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { canonicalPassword, Credentials } from './credentials.js';
import { Duplicates } from './duplicates.js';
import { TicketEvents } from './events/ticket.events.js';
import { type Duration, instantAfter, toDuration } from './input/duration.js';
import { assertIssueInput, type IssueInput } from './input/issue.input.js';
import { subjectText } from './input/subject.rule.js';
import { type GeneratedPassword, PasswordGenerator } from './secrets/password.generator.js';
import { CODE_LIFE } from './secrets/secret.js';
import { Verifiers } from './secrets/verifier.js';
import { ticketOf, type TicketRow } from './store/ticket.row.js';
import { TicketStore } from './store/ticket.store.js';
import type { Ticket } from './ticket.entity.js';
import { TicketSettings } from './ticket.settings.js';

/** A ticket, and the only copy of its secret: send that in a link or a message, and do not keep it. */
export interface IssuedTicket<T = unknown> {
  readonly ticket: Ticket<T>;
  readonly credentials: Credentials;
}

/** Makes new tickets: checks the input, makes the secret, and writes the row. */
@Injectable()
export class TicketIssuer {
  constructor(
    private readonly store: TicketStore,
    private readonly duplicates: Duplicates,
    private readonly verifiers: Verifiers,
    private readonly passwords: PasswordGenerator,
    private readonly settings: TicketSettings,
    private readonly events: TicketEvents,
  ) {}

  async issue<T>(input: IssueInput<T>, manager?: EntityManager): Promise<IssuedTicket<T>> {
    const now = this.settings.now();
    assertIssueInput(input, now, this.settings.maxAttempts);
    const { onDuplicate = 'allow' } = input;
    if (onDuplicate === 'allow') this.store.assertManager('issue()', manager);
    else this.duplicates.assertManager(manager);
    // Before the row is written, and so before a lock is held: a password takes a while to hash.
    const generated = this.passwords.make(input.password);
    const row = await this.row(input, generated, now);
    if (onDuplicate === 'allow') await this.store.insert(row, manager);
    else await this.duplicates.insert(row, onDuplicate, manager);
    this.events.emit('issued', row, manager);
    return { ticket: ticketOf<T>(row), credentials: new Credentials(row.uuid, generated.password) };
  }

  private async row(input: IssueInput, { password, code }: GeneratedPassword, now: Date): Promise<TicketRow> {
    const { place, purpose, subject, data = {} } = input;
    const scope = { uuid: v7({ msecs: now.getTime() }), place, purpose, generation: 1 };
    return {
      ...scope,
      verifier: await this.verifiers.make(canonicalPassword(password)!, scope, code),
      subject: subject === undefined ? null : subjectText(subject),
      // A copy: the app may change its own object later.
      data: JSON.parse(JSON.stringify(data)) as unknown,
      createdAt: now,
      expiresAt: this.expiry(input, now, code !== undefined),
      usedAt: null,
      revokedAt: null,
      attempts: 0,
      claimId: null,
      claimedAt: null,
    };
  }

  private expiry({ expiresAt, expiresIn }: IssueInput, now: Date, isCode: boolean): Date | null {
    if (expiresAt !== undefined) return new Date(expiresAt);
    return instantAfter(now, expiresIn === undefined ? this.defaultLife(isCode) : expiresIn);
  }

  private defaultLife(isCode: boolean): Duration | null {
    const { expiresIn } = this.settings;
    if (!isCode) return expiresIn;
    return expiresIn === null ? CODE_LIFE : Math.min(CODE_LIFE, toDuration(expiresIn)!);
  }
}
