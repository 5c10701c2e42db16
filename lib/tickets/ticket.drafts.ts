import { Injectable } from '@nestjs/common';
import { canonicalPassword, Credentials } from './credentials.js';
import { type Duration, instantAfter, toDuration } from './input/duration.js';
import type { IssueInput, OnDuplicate } from './input/issue.input.js';
import { subjectText } from './input/subject.rule.js';
import { type GeneratedPassword, PasswordGenerator } from './secrets/password.generator.js';
import { CODE_LIFE } from './secrets/secret.js';
import { type Urgency, Verifiers } from './secrets/verifier.js';
import { NEW_ROW, ticketOf, type TicketRow } from './store/ticket.row.js';
import type { Ticket } from './ticket.entity.js';
import { TicketSettings } from './ticket.settings.js';

/** A ticket, and the only copy of its secret: send that in a link or a message, and do not keep it. */
export interface IssuedTicket<T = unknown> {
  readonly ticket: Ticket<T>;
  readonly credentials: Credentials;
}

/** What a ticket is made from: a valid input, copied, since the app may change its own object later, and a password. */
export interface TicketDraft {
  readonly input: IssueInput;
  readonly generated: GeneratedPassword;
  readonly onDuplicate: OnDuplicate;
  /** The length of its data as JSON, in UTF-16 code units. */
  readonly size: number;
}

/** Makes the rows of new tickets, from their inputs and with their secrets. */
@Injectable()
export class TicketDrafts {
  constructor(
    private readonly verifiers: Verifiers,
    private readonly passwords: PasswordGenerator,
    private readonly settings: TicketSettings,
  ) {}

  /**
   * @param input validated before
   * @throws TicketOfficeConfigurationError when `passwordGenerator` returns what no password can be
   */
  draft(input: IssueInput): TicketDraft {
    const { data = {}, expiresAt } = input;
    const json = JSON.stringify(data);
    const copies = { data: JSON.parse(json) as unknown, expiresAt: expiresAt && new Date(expiresAt) };
    return {
      input: { ...input, ...copies },
      generated: this.passwords.make(input.password),
      onDuplicate: input.onDuplicate ?? 'allow',
      size: json.length,
    };
  }

  /** @throws as {@link Verifiers.make} does */
  async row(
    { input, generated }: TicketDraft,
    uuid: string,
    now: Date,
    urgency?: Urgency,
  ): Promise<TicketRow> {
    const { place, purpose, subject, data } = input;
    const scope = { uuid, place, purpose, generation: NEW_ROW.generation };
    const { password, code } = generated;
    return {
      ...NEW_ROW,
      uuid,
      place,
      purpose,
      verifier: await this.verifiers.make(canonicalPassword(password)!, scope, code, urgency),
      subject: subject === undefined ? null : subjectText(subject),
      data,
      createdAt: now,
      expiresAt: this.expiry(input, now, code !== undefined),
    };
  }

  private expiry({ expiresAt, expiresIn }: IssueInput, now: Date, isCode: boolean): Date | null {
    if (expiresAt !== undefined) return expiresAt;
    return instantAfter(now, expiresIn === undefined ? this.defaultLife(isCode) : expiresIn);
  }

  private defaultLife(isCode: boolean): Duration | null {
    const { expiresIn } = this.settings;
    if (!isCode) return expiresIn;
    return expiresIn === null ? CODE_LIFE : Math.min(CODE_LIFE, toDuration(expiresIn)!);
  }
}

/** What the app gets for a row once that is written. */
export const issued = <T>(row: TicketRow, { generated }: TicketDraft): IssuedTicket<T> => ({
  ticket: ticketOf<T>(row),
  credentials: new Credentials(row.uuid, generated.password),
});
